# Tandem from this source tree. All that is worth testing is in install.sh, which `npm test` runs in an empty folder.
FROM node:24-bookworm-slim AS build
COPY . /source
RUN /source/tooling/container/install.sh /source /opt/tandem

FROM node:24-bookworm-slim
COPY --from=build /opt/tandem /opt/tandem
RUN ln -s /opt/tandem/bin/tandem /usr/local/bin/tandem
WORKDIR /var/lib/tandem
VOLUME /var/lib/tandem
ENTRYPOINT ["tandem"]
CMD ["version"]

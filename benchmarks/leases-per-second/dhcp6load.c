/*
 * A light DHCPv6 load generator: 4-way exchanges of new clients at a steady rate, and renewals of theirs, in one thread.
 * It costs the machine less than perfdhcp, keeps every delay, and can send from a link-local address as real clients do.
 *
 *   cc -O2 -o dhcp6load dhcp6load.c
 *   dhcp6load INTERFACE EXCHANGES_PER_SECOND RENEWALS_PER_SECOND SECONDS FIRST_CLIENT SOURCE
 *
 * SOURCE: an address of the interface, or `::` for its link-local one. SIGTERM ends it as if its seconds were over.
 * Answers that come more than a second after the end are lost, as are those that never come; nothing is repeated.
 * Prints one line of JSON, delays in milliseconds.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { SOLICIT = 1, ADVERTISE = 2, REQUEST = 3, RENEW = 5, REPLY = 7 };
enum { CLIENT_ID = 1, SERVER_ID = 2, IA_NA = 3, OPTION_REQUEST = 6, ELAPSED_TIME = 8, IA_ADDRESS = 5 };

#define BATCH 64
#define MESSAGE_MAX 512
/* One for each transaction id that can be open at a time; the id is its place. */
#define SLOTS (1 << 20)
/* An IA with one address and nothing else: longer ones are not renewed. */
#define IA_OCTETS 44
#define SERVER_ID_MAX 140
#define TAIL_SECONDS 1.0
#define DELAYS_MAX 20000000

struct slot {
  double sent_at;
  uint32_t client;
  uint8_t waits_for; /* the question that is open; 0: none */
};

struct holder {
  uint32_t client;
  uint8_t ia[IA_OCTETS];
};

struct leg {
  uint64_t sent, received, rejected;
  float *delays;
};

static struct slot slots[SLOTS];
static struct leg solicits, requests, renewals;
static struct holder *holders;
static uint64_t holders_made, holders_renewed;
static uint8_t server_id[SERVER_ID_MAX];
static int server_id_octets;
static uint32_t next_id = 1;

static uint8_t out_octets[BATCH][MESSAGE_MAX];
static struct mmsghdr out[BATCH];
static struct iovec out_vectors[BATCH];
static int out_count;
static int socket_fd;
static volatile sig_atomic_t is_over;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

static void end(int signal) {
  (void)signal;
  is_over = 1;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static int head(uint8_t *p, int code, int octets) {
  p[0] = code >> 8, p[1] = code, p[2] = octets >> 8, p[3] = octets;
  return 4;
}

static int be16(const uint8_t *p) { return p[0] << 8 | p[1]; }

/* Header, client id (a DUID-LLT with the client's number), elapsed time, option request. */
static int start_message(uint8_t *p, int type, uint32_t id, uint32_t client) {
  const uint8_t duid[14] = {0, 1, 0, 1, 1, 2, 3, 4, 0, 0x0c, client >> 24, client >> 16, client >> 8, client};
  int n = 0;
  p[n++] = type, p[n++] = id >> 16, p[n++] = id >> 8, p[n++] = id;
  n += head(p + n, CLIENT_ID, sizeof duid);
  memcpy(p + n, duid, sizeof duid), n += sizeof duid;
  n += head(p + n, ELAPSED_TIME, 2);
  p[n++] = 0, p[n++] = 0;
  n += head(p + n, OPTION_REQUEST, 4);
  p[n++] = 0, p[n++] = 23, p[n++] = 0, p[n++] = 24;
  return n;
}

static int append(uint8_t *p, int n, const uint8_t *octets, int count) {
  memcpy(p + n, octets, count);
  return n + count;
}

static void flush_out(void) {
  for (int sent = 0; sent < out_count;) {
    int r = sendmmsg(socket_fd, out + sent, out_count - sent, 0);
    if (r <= 0) fail("sendmmsg");
    sent += r;
  }
  out_count = 0;
}

static uint8_t *next_out(void) {
  if (out_count == BATCH) flush_out();
  return out_octets[out_count];
}

static void queue(int octets) { out_vectors[out_count++].iov_len = octets; }

static void ask(struct leg *leg, int type, uint32_t id, uint32_t client, double at) {
  slots[id % SLOTS] = (struct slot){at, client, type};
  leg->sent++;
}

static uint32_t new_id(void) {
  uint32_t id = next_id;
  next_id = (next_id + 1) & 0xffffff;
  return id;
}

static void solicit(uint32_t client, double at) {
  static const uint8_t fixed[12] = {0, 0, 0, 1};
  uint32_t id = new_id();
  uint8_t *p = next_out();
  int n = start_message(p, SOLICIT, id, client);
  n += head(p + n, IA_NA, sizeof fixed);
  queue(append(p, n, fixed, sizeof fixed));
  ask(&solicits, SOLICIT, id, client, at);
}

static void renew(const struct holder *holder, double at) {
  uint32_t id = new_id();
  uint8_t *p = next_out();
  int n = start_message(p, RENEW, id, holder->client);
  n = append(p, n, server_id, server_id_octets);
  queue(append(p, n, holder->ia, IA_OCTETS));
  ask(&renewals, RENEW, id, holder->client, at);
}

/* The first option of a code with its head; its whole length, or 0. */
static int find(const uint8_t *m, int length, int code, const uint8_t **found) {
  for (int at = 4; at + 4 <= length;) {
    int octets = be16(m + at + 2) + 4;
    if (at + octets > length) return 0;
    if (be16(m + at) == code) {
      *found = m + at;
      return octets;
    }
    at += octets;
  }
  return 0;
}

/* An IA that begins with an address whose valid lifetime is not zero. */
static int is_granted(const uint8_t *ia, int octets) {
  return octets >= IA_OCTETS && be16(ia + 16) == IA_ADDRESS && memcmp(ia + 40, "\0\0\0\0", 4) != 0;
}

static void note(struct leg *leg, double sent_at, double at, int granted) {
  if (leg->received == DELAYS_MAX) fail("too many answers");
  leg->delays[leg->received++] = (at - sent_at) * 1e3;
  if (!granted) leg->rejected++;
}

static void hear(const uint8_t *m, int length, double at) {
  if (length < 4) return;
  uint32_t id = m[1] << 16 | m[2] << 8 | m[3];
  struct slot *slot = &slots[id % SLOTS];
  const uint8_t *ia = NULL, *server = NULL;
  int ia_octets = find(m, length, IA_NA, &ia), server_octets = find(m, length, SERVER_ID, &server);
  int granted = ia_octets && server_octets && server_octets <= SERVER_ID_MAX && is_granted(ia, ia_octets);
  if (m[0] == ADVERTISE && slot->waits_for == SOLICIT) {
    note(&solicits, slot->sent_at, at, granted);
    slot->waits_for = 0;
    if (!granted) return;
    uint8_t *p = next_out();
    int n = start_message(p, REQUEST, id, slot->client);
    n = append(p, n, server, server_octets);
    queue(append(p, n, ia, ia_octets));
    ask(&requests, REQUEST, id, slot->client, at);
  } else if (m[0] == REPLY && slot->waits_for == REQUEST) {
    note(&requests, slot->sent_at, at, granted);
    slot->waits_for = 0;
    if (!granted || ia_octets != IA_OCTETS) return;
    memcpy(server_id, server, server_octets), server_id_octets = server_octets;
    holders[holders_made].client = slot->client;
    memcpy(holders[holders_made++].ia, ia, IA_OCTETS);
  } else if (m[0] == REPLY && slot->waits_for == RENEW) {
    note(&renewals, slot->sent_at, at, granted);
    slot->waits_for = 0;
  }
}

static int by_size(const void *a, const void *b) {
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

static void print_leg(const char *name, struct leg *leg, const char *end) {
  uint64_t n = leg->received;
  double sum = 0;
  qsort(leg->delays, n, sizeof(float), by_size);
  for (uint64_t i = 0; i < n; i++) sum += leg->delays[i];
#define AT(part) (n ? leg->delays[(uint64_t)((n - 1) * part)] : 0)
  printf("\"%s\":{\"sent\":%lu,\"received\":%lu,\"rejected\":%lu,\"average\":%.3f,\"p50\":%.3f,\"p95\":%.3f,\"p99\":%.3f,"
         "\"longest\":%.3f}%s",
         name, leg->sent, n, leg->rejected, n ? sum / n : 0, AT(.5), AT(.95), AT(.99), AT(1), end);
}

static void open_socket(const char *interface, const char *source, struct sockaddr_in6 *to) {
  int index = if_nametoindex(interface), buffer = 8 << 20;
  struct sockaddr_in6 me = {.sin6_family = AF_INET6, .sin6_port = htons(546)};
  if (index == 0) fail(interface);
  if (inet_pton(AF_INET6, source, &me.sin6_addr) != 1) fail(source);
  *to = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons(547), .sin6_scope_id = index};
  inet_pton(AF_INET6, "ff02::1:2", &to->sin6_addr);
  socket_fd = socket(AF_INET6, SOCK_DGRAM, 0);
  setsockopt(socket_fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer);
  setsockopt(socket_fd, SOL_SOCKET, SO_SNDBUFFORCE, &buffer, sizeof buffer);
  setsockopt(socket_fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &index, sizeof index);
  if (bind(socket_fd, (void *)&me, sizeof me)) fail("bind");
}

int main(int count, char **words) {
  if (count != 7) {
    fprintf(stderr, "usage: dhcp6load INTERFACE EXCHANGES_PER_SECOND RENEWALS_PER_SECOND SECONDS FIRST_CLIENT SOURCE\n");
    return 2;
  }
  double rate = atof(words[2]), renew_rate = atof(words[3]), seconds = atof(words[4]);
  uint32_t first_client = strtoul(words[5], NULL, 10);
  struct sockaddr_in6 to;
  open_socket(words[1], words[6], &to);

  static uint8_t in_octets[BATCH][2048];
  static struct mmsghdr in[BATCH];
  static struct iovec in_vectors[BATCH];
  for (int i = 0; i < BATCH; i++) {
    out_vectors[i].iov_base = out_octets[i];
    out[i].msg_hdr = (struct msghdr){.msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &out_vectors[i], .msg_iovlen = 1};
    in_vectors[i] = (struct iovec){in_octets[i], sizeof in_octets[i]};
    in[i].msg_hdr = (struct msghdr){.msg_iov = &in_vectors[i], .msg_iovlen = 1};
  }
  solicits.delays = malloc(sizeof(float) * DELAYS_MAX);
  requests.delays = malloc(sizeof(float) * DELAYS_MAX);
  renewals.delays = malloc(sizeof(float) * DELAYS_MAX);
  holders = malloc(sizeof(struct holder) * (size_t)(rate * seconds + BATCH));
  if (!solicits.delays || !requests.delays || !renewals.delays || !holders) fail("malloc");

  signal(SIGTERM, end);
  double started_at = now(), ends_at = started_at + seconds;
  for (double t = started_at; t < ends_at + TAIL_SECONDS; t = now()) {
    if (is_over && t < ends_at) ends_at = t;
    if (t < ends_at) {
      uint64_t due = (t - started_at) * rate, renewals_due = (t - started_at) * renew_rate;
      /* A batch at a time, so that answers are read in between. */
      for (int i = 0; i < BATCH && solicits.sent < due; i++) solicit(first_client + solicits.sent, t);
      /* In the order in which they got their leases; each once. */
      for (int i = 0; i < BATCH && renewals.sent < renewals_due && holders_renewed < holders_made; i++)
        renew(&holders[holders_renewed++], t);
    }
    flush_out();
    int heard = recvmmsg(socket_fd, in, BATCH, MSG_DONTWAIT, NULL);
    if (heard <= 0) {
      struct pollfd wait = {socket_fd, POLLIN, 0};
      struct timespec span = {0, 200000};
      ppoll(&wait, 1, &span, NULL);
      continue;
    }
    t = now();
    for (int i = 0; i < heard; i++) hear(in_octets[i], in[i].msg_len, t);
    flush_out();
  }
  printf("{");
  print_leg("solicits", &solicits, ",");
  print_leg("requests", &requests, ",");
  print_leg("renewals", &renewals, "}\n");
  return 0;
}

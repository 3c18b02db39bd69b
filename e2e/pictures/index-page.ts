/** The page that shows all pictures: a heading and a line for each screen, then both sizes in both themes. */
import type { TakenScreen } from './studio.ts'

const WIDTHS = { desktop: 320, phone: 110 } as const

const HEAD = `# Every screen of the console

Made by \`npm run pictures\` from a demo of two real servers and its simulated clients, at 1366x768 and 390x844 pixels, light
and dark; what does not fit the window is further down on the page. A click shows a picture in its own size.
`

export function indexPage(screens: readonly TakenScreen[]): string {
  return [HEAD, ...screens.map(section)].join('\n')
}

function section({ title, shows, files }: TakenScreen): string {
  const pictures = files.map(
    ({ file, size, theme }) =>
      `<a href="${file}"><img src="${file}" width="${WIDTHS[size]}" alt="${title}: ${size}, ${theme}"></a>`,
  )
  return [`## ${title}`, '', shows, '', '<p>', ...pictures, '</p>', ''].join('\n')
}

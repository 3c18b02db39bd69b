/** Applies the chosen theme before the first paint; a file of its own, since inline scripts are not allowed here. */
;(function () {
  try {
    const theme = localStorage.getItem('tandem-theme')
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
  } catch {
    // Storage may be forbidden; the theme of the operating system then applies.
  }
})()

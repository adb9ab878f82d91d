// Each page says what it has.
if (globalThis.document) {
  for (const element of document.querySelectorAll("script[data-live]")) {
    const found = new lossnr[element.dataset.live](element.parentElement, JSON.parse(element.textContent));
    lossnr.page ??= found;
  }
}

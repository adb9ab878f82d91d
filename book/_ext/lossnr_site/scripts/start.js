// Each page says what it has.
for (const element of document.querySelectorAll("script[data-live]")) {
  lossnr.page = new lossnr[element.dataset.live](element.parentElement, JSON.parse(element.textContent));
}

/* What the theme leaves to the mouse can be done from the keyboard, and pages can be printed. */

// Boxes that are wider than their place are scrolled.
const reach = () => {
  for (const box of document.querySelectorAll("pre, div.math > mjx-container, .table-wrapper")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
};
reach();
addEventListener("resize", reach);
document.addEventListener("toggle", reach, true); // what was folded away has its size now

// Icons open the menus of narrow screens and the chapters in the list of pages.
for (const icon of document.querySelectorAll("label > .icon")) {
  const box = document.getElementById(icon.parentElement.htmlFor);
  const say = () => icon.setAttribute("aria-expanded", box.checked);
  icon.tabIndex = 0;
  icon.setAttribute("role", "button");
  icon.setAttribute("aria-label", box.getAttribute("aria-label") ?? "Pages of this chapter");
  icon.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    box.click();
  });
  box.addEventListener("change", say);
  say();
}

// What is folded away is printed, but for the code.
const folded = [...document.querySelectorAll("details:not(.hide)")];
let opened = [];
addEventListener("beforeprint", () => {
  opened = folded.filter((each) => !each.open);
  for (const each of opened) each.open = true;
});
addEventListener("afterprint", () => {
  for (const each of opened) each.open = false;
});

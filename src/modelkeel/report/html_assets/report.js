
"use strict";
// Without this script the page shows the same things; with it, long lists can be searched and links open what they lead to.
(() => {
  for (const table of document.querySelectorAll("table.filterable")) {
    const box = document.createElement("input");
    box.type = "search";
    box.className = "filter";
    box.placeholder = "Filter these rows";
    box.setAttribute("aria-label", "Filter these rows");
    box.addEventListener("input", () => {
      const wanted = box.value.toLowerCase();
      for (const row of table.tBodies[0].rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    });
    table.parentElement.before(box);
  }
  const reveal = () => {
    const goal = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!goal) return;
    for (let at = goal; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    goal.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const part of closed) part.open = true;
  });
  addEventListener("afterprint", () => { for (const part of closed) part.open = false; });
})();

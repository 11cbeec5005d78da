// The theme's script keeps a slow phone busy for a long time, so start it once the page has been painted.
requestAnimationFrame(() => setTimeout(() => {
  for (const late of document.querySelectorAll("link[data-late]")) {
    const script = document.createElement("script");
    script.src = late.href;
    script.async = false;
    document.body.append(script);
  }
}));

// On a page opened from disk, no server turns the address of a folder into the page in it.
if (location.protocol === "file:") {
  for (const link of document.querySelectorAll("a[href]")) {
    const url = new URL(link.getAttribute("href"), location);
    if (url.protocol !== "file:" || !url.pathname.endsWith("/")) continue;
    url.pathname += "index.html";
    link.setAttribute("href", url);
  }
}

// Citations: a button copies the text. If the browser does not allow that, select the text so that the reader can copy it.
document.addEventListener("DOMContentLoaded", () => {
  const box = document.querySelector("details.cite");
  if (!box) return;
  const { text: message } = self.briefingTexts;
  const done = box.querySelector("[role=status]");
  for (const button of box.querySelectorAll("button")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = button.nextElementSibling;
      const name = button.previousElementSibling.textContent;
      let copied = true;
      done.textContent = "";
      try {
        await navigator.clipboard.writeText(text.textContent);
      } catch {
        getSelection().selectAllChildren(text);
        copied = document.execCommand("copy");
      }
      done.textContent = message(copied ? "nameCopied" : "nameSelected", { name });
      button.textContent = message(copied ? "copied" : "selected");
      setTimeout(() => (button.textContent = message("copy")), 2500);
    });
  }
});

// Filters of the timeline by topic, actor and voice. The address stores them. Without this script every item is shown.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form.timeline-filters");
  if (!form) return;
  const selects = [...form.querySelectorAll("select")];
  const items = [...document.querySelectorAll("ol.timeline > li")];
  const lists = [...document.querySelectorAll("ol.timeline")];
  const marks = [...document.querySelectorAll(".timeline-drawing .mark[data-items]")];
  const status = form.querySelector("[role=status]");
  const { plural } = self.briefingTexts;

  const apply = () => {
    const chosen = selects.filter((select) => select.value);
    for (const item of items) {
      item.hidden = !chosen.every(({ name, value }) => item.dataset[name].split(" ").includes(value));
    }
    for (const list of lists) {
      const heading = list.previousElementSibling;
      list.hidden = heading.hidden = [...list.children].every((item) => item.hidden);
      for (const link of document.querySelectorAll(`.md-nav a[href="#${CSS.escape(heading.id)}"]`)) {
        link.parentElement.hidden = heading.hidden;
      }
    }
    for (const mark of marks) {
      const shown = mark.dataset.items.split(" ").filter((id) => !document.getElementById(`t-${id}`).hidden);
      mark.classList.toggle("off", !shown.length);
      if (!mark.matches("a")) continue;
      if (shown.length) {
        mark.setAttribute("href", `#t-${shown[0]}`);
        mark.removeAttribute("tabindex");
        mark.removeAttribute("aria-hidden");
      } else {
        mark.setAttribute("tabindex", "-1");
        mark.setAttribute("aria-hidden", "true");
      }
    }
    const count = items.filter((item) => !item.hidden).length;
    status.textContent = plural(chosen.length ? "someShown" : "allShown", items.length, { shown: count });
    form.classList.toggle("narrowed", chosen.length > 0);
  };

  const remember = () => {
    const address = new URL(location.href);
    for (const { name, value } of selects) {
      if (value) address.searchParams.set(name, value);
      else address.searchParams.delete(name);
    }
    history.replaceState(history.state, "", address);
  };

  const change = () => {
    apply();
    remember();
  };

  // An item that the address names is always shown, whatever the filters.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const item = target?.closest("ol.timeline > li");
    if (!item?.hidden) return;
    for (const select of selects) select.value = "";
    change();
    item.scrollIntoView();
  };

  const asked = new URLSearchParams(location.search);
  for (const select of selects) {
    const value = asked.get(select.name) ?? "";
    select.value = [...select.options].some((option) => option.value === value) ? value : "";
  }
  form.addEventListener("change", change);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(change));
  addEventListener("hashchange", reveal);
  form.hidden = false;
  apply();
  reveal();
});

// The number of facts on this page that changed since the last visit. Its time is stored in this browser and never sent.
document.addEventListener("DOMContentLoaded", () => {
  const away = 30 * 60 * 1000; // a visit goes on until the reader has opened nothing for so long
  const now = Date.now();
  let visit;
  try {
    visit = __md_get("briefing-visit") ?? {};
    if (!(now - visit.last < away)) visit.before = visit.last;
    __md_set("briefing-visit", { before: visit.before, last: now });
  } catch {
    return; // a browser that keeps nothing
  }
  const line = document.querySelector(".changed[data-times]");
  if (!line || !visit.before) return;
  let count = 0;
  for (const entry of line.dataset.times.split(" ")) {
    const [time, facts] = entry.split("*");
    if (Date.parse(time) > visit.before) count += Number(facts);
  }
  if (!count) return;
  const { plural, date } = self.briefingTexts;
  const since = plural("sinceVisit", count, { date: date(visit.before) });
  const link = line.querySelector("a");
  link.append(`${link.textContent ? " · " : ""}${since}`);
});

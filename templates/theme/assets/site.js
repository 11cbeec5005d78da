// The theme's script keeps a slow phone busy for a long time, so start it once the page has been painted.
requestAnimationFrame(() => setTimeout(() => {
  for (const late of document.querySelectorAll("link[data-late]")) {
    const script = document.createElement("script");
    script.src = late.href;
    script.async = false;
    document.body.append(script);
  }
}));

// The menu button on narrow screens. The theme opens its navigation with a checkbox, which its own script watches.
document.addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector(".md-header .menu");
  const drawer = document.querySelector(".md-sidebar--primary");
  const open = document.getElementById("__drawer");
  const show = () => {
    button.setAttribute("aria-expanded", open.checked);
    if (open.checked) drawer.querySelector("a[href]").focus();
  };
  const close = () => {
    if (!open.checked) return;
    open.click();
    button.focus();
  };
  drawer.id ||= "navigation";
  button.setAttribute("aria-controls", drawer.id);
  button.addEventListener("click", () => open.click());
  open.addEventListener("change", show);
  drawer.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  // Beyond the last link, the focus would be on the page, which the open navigation covers.
  drawer.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !drawer.contains(relatedTarget)) close();
  });
});

// On a page opened from disk, no server turns the address of a folder into the page in it.
if (location.protocol === "file:") {
  for (const link of document.querySelectorAll("a[href]")) {
    const url = new URL(link.getAttribute("href"), location);
    if (url.protocol !== "file:" || !url.pathname.endsWith("/")) continue;
    url.pathname += "index.html";
    link.setAttribute("href", url);
  }
}

// Evidence: a marker shows who says so, and in which words, without leaving the page. The content is that of the fact's page,
// to which the marker links. With another button or key, or without this script, the link works as any other.
document.addEventListener("DOMContentLoaded", () => {
  const { text: message } = self.briefingTexts;
  const parse = (html) => new DOMParser().parseFromString(html, "text/html");
  const card = document.createElement("dialog");
  card.className = "card md-typeset";
  card.setAttribute("aria-labelledby", "card-title");
  const button = Object.assign(document.createElement("button"), { type: "button", className: "card-close" });
  button.setAttribute("aria-label", message("cardClose"));
  const isPlain = ({ button, ctrlKey, metaKey, shiftKey, altKey }) => !button && !ctrlKey && !metaKey && !shiftKey && !altKey;
  const fill = (page, address) => {
    const title = Object.assign(document.createElement("h2"), { id: "card-title" });
    title.textContent = page.querySelector("h1").firstChild.textContent.trim();
    const parts = [...page.querySelectorAll("[data-card]")].map((part) => document.importNode(part, true));
    const more = document.createElement("p");
    more.append(Object.assign(document.createElement("a"), { href: address, textContent: message("cardOpen") }));
    // The addresses in the other page are relative to it.
    for (const link of parts.flatMap((part) => [...part.querySelectorAll("a[href]")])) {
      link.href = new URL(link.getAttribute("href"), address);
    }
    card.replaceChildren(button, title, ...parts, more);
  };
  let wanted = "";
  const show = async (marker) => {
    const address = marker.href;
    wanted = address;
    try {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(answer.status);
      const page = parse(await answer.text());
      // The reader may have opened this card, or asked for another one, since.
      if (card.open || wanted !== address) return;
      fill(page, answer.url);
    } catch {
      location.assign(address);
      return;
    }
    document.body.append(card);
    card.showModal();
    card.scrollTop = 0;
    card.dataset.shown = address;
  };
  button.addEventListener("click", () => card.close());
  const isOutside = ({ clientX, clientY }) => {
    const { left, right, top, bottom } = card.getBoundingClientRect();
    return clientX < left || clientX > right || clientY < top || clientY > bottom;
  };
  // A reader who selects words may end outside the card.
  let pressedOutside = false;
  card.addEventListener("pointerdown", (event) => (pressedOutside = isOutside(event)));
  card.addEventListener("click", (event) => {
    if (event.target === card && pressedOutside && isOutside(event)) card.close();
    else if (event.target.closest("a") && isPlain(event)) card.close(); // the target may be on this page
  });
  card.addEventListener("close", () => card.remove());
  if (location.protocol === "file:") return;
  for (const marker of document.querySelectorAll("a.ref[href]")) {
    marker.setAttribute("aria-haspopup", "dialog");
    marker.addEventListener("click", (event) => {
      if (!isPlain(event) || event.defaultPrevented) return;
      event.preventDefault();
      show(marker);
    });
  }
});

// Citations: a button copies the text. If the browser does not allow that, select the text so that the reader can copy it.
document.addEventListener("DOMContentLoaded", () => {
  const box = document.querySelector("details.cite");
  if (!box) return;
  const open = () => {
    if (location.hash !== "#cite") return;
    box.open = true;
    box.scrollIntoView();
  };
  addEventListener("hashchange", open);
  open();
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

// Filters of a long list. The address stores them. They apply to the items of the ".filtered" lists after the form: a choice
// is compared with the words in the attribute of its name (data-topic), or names the attribute to sort by. A list may be in
// details. Without this script every item is shown.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form.filters");
  if (!form) return;
  const selects = [...form.querySelectorAll("select")];
  const marks = [...document.querySelectorAll(".timeline-drawing .mark[data-items]")];
  const status = form.querySelector("[role=status]");
  const { plural } = self.briefingTexts;

  // each list with the element that holds it, and the headings above it
  const parts = [];
  let above = [];
  for (let element = form.nextElementSibling; element; element = element.nextElementSibling) {
    if (/^H[2-6]$/.test(element.tagName)) {
      above = [...above.filter((heading) => heading.tagName < element.tagName), element];
      continue;
    }
    const list = element.matches(".filtered") ? element : element.querySelector(".filtered");
    const summary = list && element.matches("details") ? element.querySelector("summary") : null;
    if (list) parts.push({ element, list, headings: above, items: [...list.children], summary, says: summary?.textContent });
  }
  const items = parts.flatMap((part) => part.items);
  const headings = new Set(parts.flatMap((part) => part.headings));
  const linkTo = ({ id }) => document.querySelectorAll(`.md-nav a[href="#${CSS.escape(id)}"]`);

  const apply = () => {
    const narrowing = selects.filter((select) => select.value && !("sorts" in select.dataset));
    for (const item of items) {
      item.hidden = !narrowing.every(({ name, value }) => item.dataset[name].split(" ").includes(value));
    }
    const wasNarrowed = form.classList.contains("narrowed");
    for (const { element, items, summary, says } of parts) {
      const shown = items.filter((item) => !item.hidden).length;
      element.hidden = items.length > 0 && !shown;
      if (!summary) continue;
      summary.textContent = narrowing.length ? plural("someShown", items.length, { shown }) : says;
      if (narrowing.length) element.open = shown > 0;
      else if (wasNarrowed) element.open = false;
    }
    for (const heading of headings) {
      heading.hidden = parts.every((part) => !part.headings.includes(heading) || part.element.hidden);
      for (const link of linkTo(heading)) link.parentElement.hidden = heading.hidden;
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
    for (const select of selects.filter((select) => "sorts" in select.dataset)) {
      for (const { list, items } of parts) {
        const sorted = [...items];
        const key = (item) => item.dataset[select.value];
        if (select.value) sorted.sort((one, other) => (key(one) < key(other) ? -1 : Number(key(one) > key(other))));
        list.append(...sorted);
      }
    }
    const count = items.filter((item) => !item.hidden).length;
    status.textContent = plural(narrowing.length ? "someShown" : "allShown", items.length, { shown: count });
    form.classList.toggle("narrowed", narrowing.length > 0);
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

  // An item that the address names is always shown and opened, whatever the filters.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const item = items.find((item) => item.contains(target));
    if (!item) return;
    const wasHidden = item.hidden;
    if (wasHidden) {
      for (const select of selects) select.value = "";
      change();
    }
    const folded = item.closest("details");
    if (!wasHidden && (!folded || folded.open)) return;
    if (folded) folded.open = true;
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

// The number of facts on this page that were added or changed since the last visit. Only this browser stores the time of
// the visit and the newest change on the site at that time. Nothing is sent. Visits are compared by that change and not by
// the clock, because a change may be published long after it was made.
document.addEventListener("DOMContentLoaded", () => {
  const away = 30 * 60 * 1000; // a visit goes on until the reader has opened nothing for so long
  const now = Date.now();
  let visit;
  try {
    visit = __md_get("briefing-visit") ?? {};
    if (!(now - visit.last < away)) {
      visit.before = visit.last;
      visit.known = visit.newest;
    }
    const newest = document.querySelector("meta[name='latest-change']")?.content ?? "";
    __md_set("briefing-visit", { before: visit.before, known: visit.known, last: now, newest });
  } catch {
    return; // a browser that keeps nothing
  }
  const line = document.querySelector(".changed[data-times]");
  if (!line || !visit.before || visit.known === undefined) return;
  let count = 0;
  for (const entry of line.dataset.times.split(" ")) {
    const [time, facts] = entry.split("*");
    if (time > visit.known) count += Number(facts);
  }
  if (!count) return;
  const { plural, date } = self.briefingTexts;
  const since = plural("sinceVisit", count, { date: date(visit.before) });
  const link = line.querySelector("a");
  link.append(`${link.textContent ? " · " : ""}${since}`);
});

// Search: a dialog, and the matching of what is typed with what the briefing holds (search/entries.js). The library and the
// entries are loaded as scripts when the search is first opened: a page that is opened from disk may not fetch files.
// The texts of all scripts in the language of the page, which has them as data; site.js uses this object, too.
self.briefingTexts = (() => {
  const texts = JSON.parse(document.getElementById("script-texts").textContent);
  const rules = new Intl.PluralRules(texts.locale);
  const number = new Intl.NumberFormat(texts.locale);
  const day = new Intl.DateTimeFormat(texts.locale, { dateStyle: "long" });
  const shown = (value) => (typeof value === "number" ? number.format(value) : value);
  const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => shown(values[name]));
  return {
    text: (name, values = {}) => fill(texts[name], values),
    plural: (name, num, values = {}) => fill(texts[name][rules.select(num)] ?? texts[name].other, { num, ...values }),
    date: (time) => day.format(new Date(time)),
  };
})();

(() => {
  const { text: message, plural } = self.briefingTexts;
  const dialog = document.querySelector("dialog.search");
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("ol");
  const status = dialog.querySelector("[role=status]");
  // in the bound briefing there is but one file, and it has all that is needed
  const root = document.currentScript.src ? new URL("../", document.currentScript.src) : location.href;
  const SHOWN = 20;
  const ENOUGH = 5; // where fewer entries have all words, those that have some of them follow

  // Words in one form, so that what is typed and what is written can be compared: without case, accents and vowel signs,
  // with one form each for Arabic and Persian letters, all digits as 0–9, and one sign for whatever joins words.
  const LETTERS = {
    "ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ھ": "ه", "ە": "ه", "ٱ": "ا", "ı": "i", "ə": "e", "ø": "o", "ł": "l", "đ": "d",
    "ß": "ss", "æ": "ae", "œ": "oe",
  };
  const SAME = { art: "article", arts: "article", para: "paragraph", defense: "defence", program: "programme" };
  const fold = (text) =>
    text
      .normalize("NFKD")
      .toLowerCase()
      .replace(/[\p{M}\u0640]/gu, "")
      .replace(/[\u064a\u0649\u0643\u0629\u06be\u06d5\u0671ıəøłđßæœ]/g, (letter) => LETTERS[letter])
      .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => digit.charCodeAt(0) & 15)
      .replace(/['’ʼ‘`]s\b|['’ʼ‘`]/g, "")
      .replace(/[\u200c\u200d\p{Pd}/]/gu, "-")
      .replace(/¶/g, " paragraph ")
      .replace(/(\d),(?=\d{3}(?!\d))/g, "$1") // 7,200
      .replace(/(\d)\s?\((\d+)\)/g, "$1.$2") // Article 3(4) is also 3.4
      .replace(/(\d)(?:st|nd|rd|th)\b/g, "$1")
      .replace(/\b([a-z])\.(?=[a-z]\b)/g, "$1"); // U.S.
  const WORD = /[\p{L}\p{N}]+(?:[-.]+[\p{L}\p{N}]+)*/gu;
  const plain = (word) => SAME[word] ?? word;
  // the words of a text; one that is joined from others knows its parts
  const words = (text) =>
    (fold(text).match(WORD) ?? []).flatMap((joined) => {
      const dotted = /^\d+(\.\d+)+$/.test(joined);
      if (!dotted && joined.includes(".")) return joined.split(/\.+/).flatMap(words);
      const parts = joined.split(/[-.]+/).map(plain);
      return [{ whole: dotted ? joined : parts.join(""), parts }];
    });
  // words and names recur, and their forms are costly
  const once = (work) => {
    const done = new Map();
    return (given) => {
      if (!done.has(given)) done.set(given, work(given));
      return done.get(given);
    };
  };
  const stem = once((word) => (/^[a-z]{3,}$/.test(word) ? searchLibrary.stemmer(word) : word));
  const forms = ({ whole, parts }) => [...new Set([whole, ...parts, ...parts.map(stem)])];
  const terms = (text) => words(text).flatMap(forms);
  const termsOf = once(terms);
  const hit = (piece, hits) => termsOf(piece).some((term) => hits.has(term));

  const STOP = new Set(
    ("a about an and any are as at be been but by can could did do does for from had has have how i if in into is it its " +
      "many me much must of on or our s shall should some than that the their them there these they this to was we were " +
      "what when where which who whom whose why will with would you your").split(" "),
  );
  // how much a hit counts: what a thing is called before what is said of it; its own page before a page that mentions it
  const BOOST = { title: 3, names: 3, about: 1, text: 1, more: 0.7 };
  const WEIGHT = { Fact: 1, "Key judgment": 1, "Open question": 0.8, Page: 0.7, Source: 0.5, Part: 0.4 };
  const weight = ({ kind }) => WEIGHT[kind] ?? 1.5;

  let engine;
  let entries;
  let vocabulary;

  const build = () => {
    const started = performance.now();
    const { entries: found, names } = self.searchEntries;
    vocabulary = new Set();
    const named = once((id) => names[id].flatMap(terms));
    const tokenize = (text, field) => {
      const made = field === "about" ? text.split(" ").flatMap(named) : terms(text);
      for (const term of made) vocabulary.add(term);
      return made;
    };
    engine = new searchLibrary.MiniSearch({
      fields: Object.keys(BOOST),
      tokenize,
      processTerm: (term) => term,
      extractField: (entry, field) => {
        if (field === "about") return entry.about?.join(" ");
        if (field === "names") return entry.names?.join(" · ");
        return entry[field];
      },
      searchOptions: { tokenize: (term) => [term], boost: BOOST, weights: { fuzzy: 0.6, prefix: 0.4 } },
    });
    entries = found.map((entry, id) => ({ ...entry, id }));
    for (const entry of entries) {
      entry.called = new Set([entry.title, ...(entry.names ?? [])].map((name) => terms(name).join(" ")));
    }
    engine.addAll(entries);
    dialog.dataset.ready = Math.round(performance.now() - started);
  };

  // a word that nothing has: with two letters exchanged, or with one or, in a long word, two letters wrong
  const guesses = (word) => {
    const turned = [...word].slice(1).map((letter, index) => {
      const signs = [...word];
      [signs[index], signs[index + 1]] = [letter, signs[index]];
      return signs.join("");
    });
    const exchanged = turned.filter((other) => vocabulary.has(other));
    if (exchanged.length) return { combineWith: "OR", queries: exchanged };
    return { combineWith: "OR", queries: [word], fuzzy: word.length < 4 ? false : word.length < 8 ? 1 : 2 };
  };
  const begun = (word) => [...vocabulary].some((term) => term.startsWith(word));
  const asked = (word, last) => {
    const had = [...new Set([word, stem(word)])].filter((form) => vocabulary.has(form));
    if (last && begun(word)) {
      const meant = had.length || word.length < 5 ? [] : [guesses(word)];
      return { combineWith: "OR", queries: [...had, { queries: [word], prefix: true }, ...meant] };
    }
    return had.length ? { combineWith: "OR", queries: had } : guesses(word);
  };
  const query = ({ whole, parts }, last) => {
    if (parts.length === 1) return asked(whole, last);
    const each = { combineWith: "AND", queries: parts.map((part) => asked(part, last && part === parts.at(-1))) };
    return vocabulary.has(whole) ? { combineWith: "OR", queries: [whole, ...(whole.includes(".") ? [] : [each])] } : each;
  };

  // the entries that have all words or, where there are few, also others; best first
  const find = (text) => {
    const all = words(text);
    const telling = all.filter(({ whole }) => !STOP.has(whole));
    const wanted = telling.length ? telling : all;
    const scores = new Map();
    wanted.forEach((word, index) => {
      const last = word === all.at(-1) && !/\s$/.test(text);
      for (const { id, score, terms } of engine.search(query(word, last))) {
        const entry = scores.get(id) ?? { score: 0, words: 0, terms: new Set() };
        entry.score += score / terms.length; // the library favours whatever has many forms of one word
        entry.words += 1;
        for (const term of terms) entry.terms.add(term);
        scores.set(id, entry);
      }
    });
    const most = Math.max(0, ...[...scores.values()].map((entry) => entry.words));
    const typed = terms(text).join(" ");
    const found = [...scores].map(([id, entry]) => {
      const called = entries[id].called.has(typed) ? 4 : 1;
      const score = entry.score * (entry.words / wanted.length) ** 2 * weight(entries[id]) * called;
      return { entry: entries[id], score, terms: entry.terms, words: entry.words, whole: entry.words === wanted.length };
    });
    found.sort((one, other) => other.score - one.score || one.entry.id - other.entry.id);
    const full = found.filter(({ words }) => words === most);
    return full.length < ENOUGH ? found : full;
  };

  const element = (name, className, ...children) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...children);
    return made;
  };
  const PIECE = /[\p{L}\p{M}\p{N}]+/gu;
  const marked = (text, hits) => {
    const pieces = [];
    let end = 0;
    for (const { 0: piece, index } of text.matchAll(PIECE)) {
      if (!hit(piece, hits)) continue;
      pieces.push(text.slice(end, index), element("mark", "", piece));
      end = index + piece.length;
    }
    return [...pieces, text.slice(end)];
  };
  // the part of a text around the first word that was looked for
  const excerpt = (text, hits) => {
    const first = [...text.matchAll(PIECE)].find(({ 0: piece }) => hit(piece, hits));
    let start = Math.max(0, (first?.index ?? 0) - 60);
    if (start) start = text.indexOf(" ", start) + 1;
    const end = text.length - start > 170 ? text.lastIndexOf(" ", start + 170) : text.length;
    return marked(`${start ? "… " : ""}${text.slice(start, end)}${end < text.length ? " …" : ""}`, hits);
  };
  const address = (path) => {
    const url = new URL(path, root);
    if (url.protocol === "file:" && url.pathname.endsWith("/")) url.pathname += "index.html"; // no server to do it
    return url.href;
  };
  const said = ({ entry, terms: found }) => {
    // what was found by another spelling is marked by the one that stands there
    const hits = new Set(found);
    for (const [name, ...others] of (entry.about ?? []).map((id) => self.searchEntries.names[id])) {
      if (others.some((other) => words(other).every(({ whole }) => found.has(whole)))) terms(name).forEach((term) => hits.add(term));
    }
    const link = element("a", "", element("span", "search-title", ...marked(entry.title, hits)));
    link.href = address(entry.address ?? "");
    if (entry.names?.length) {
      const names = entry.names.flatMap((name, index) => [index ? " · " : "", element("bdi", "", ...marked(name, hits))]);
      link.append(element("span", "search-text", message("alsoWritten"), ...names));
    }
    if (entry.text) link.append(element("span", "search-text", ...excerpt(entry.text, hits)));
    const where = element("span", "search-where", [entry.label, entry.within].filter(Boolean).join(" · "));
    if (entry.who) where.append(" ", element("span", `search-voice voice-${entry.voice}`, entry.who));
    link.append(where);
    return element("li", "", link);
  };

  const show = () => {
    if (!engine) return;
    const text = input.value;
    const found = words(text).length ? find(text) : [];
    const shown = found.slice(0, SHOWN);
    list.replaceChildren(...shown.map(said));
    const whole = found.some((one) => one.whole);
    const name = found.length > SHOWN ? (whole ? "best" : "bestPartial") : whole ? "results" : "partial";
    if (!text.trim()) status.textContent = "";
    else if (!found.length) status.textContent = message("nothing");
    else status.textContent = plural(name, found.length, { shown: SHOWN });
    dialog.dataset.shown = text;
    dialog.scrollTop = 0;
  };

  const load = (path) =>
    new Promise((resolve, reject) => {
      const script = element("script");
      script.src = new URL(path, root).href;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
  let loading;
  const prepare = () => {
    const missing = self.searchEntries ? [] : ["assets/search-library.js", "search/entries.js"];
    loading ??= Promise.all(missing.map(load))
      .then(build)
      .then(show)
      .catch(() => {
        loading = undefined;
        status.textContent = message("notLoaded");
      });
  };
  const open = () => {
    if (!dialog.open) dialog.showModal();
    input.select();
    prepare();
  };

  for (const button of document.querySelectorAll(".search-open")) button.addEventListener("click", open);
  dialog.querySelector(".search-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // beside it
    if (event.target.closest("a")) dialog.close(); // its target may be on this page
  });
  input.addEventListener("input", show);
  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    list.querySelector("a")?.click();
  });
  dialog.addEventListener("keydown", (event) => {
    const stops = [input, ...list.querySelectorAll("a")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = stops.indexOf(document.activeElement);
    if (step && at >= 0) {
      event.preventDefault();
      stops[Math.max(0, Math.min(stops.length - 1, at + step))].focus();
    } else if (at > 0 && (event.key === "Backspace" || (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey))) {
      input.focus(); // and the key does its work there
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    if (!["/", "s"].includes(event.key) || event.target.closest("input, select, textarea, [contenteditable]")) return;
    event.preventDefault();
    open();
  });
  const given = new URLSearchParams(location.search).get("q");
  if (given) {
    input.value = given;
    open();
  }
})();

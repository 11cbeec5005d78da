// The search dialog, and the matching of what readers type with the entries of the briefing (search/entries.js). The stemmer
// and the entries are loaded as scripts when the search is first opened, because a page opened from disk may not fetch files.

// The texts of all scripts in the language of the page. The page contains them as data; site.js uses this object, too.
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
  const results = dialog.querySelector(".search-results");
  const status = dialog.querySelector("[role=status]");
  // The single-file briefing contains everything, so this script has no address there.
  const root = document.currentScript.src ? new URL("../", document.currentScript.src) : location.href;
  const SHOWN = 20;
  const ENOUGH = 5; // If fewer results have all words, results with some of them follow.

  // Words are compared in one form: without case, accents and vowel signs, with one form for each Arabic and Persian letter,
  // with digits from 0 to 9, and with a hyphen for everything that joins words.
  const LETTERS = {
    "ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ھ": "ه", "ە": "ه", "ٱ": "ا", "ı": "i", "ə": "e", "ø": "o", "ł": "l", "đ": "d",
    "ß": "ss", "æ": "ae", "œ": "oe",
  };
  const SAME = {
    art: "article", arts: "article", articles: "article", para: "paragraph", paragraphs: "paragraph", pages: "page",
    defense: "defence", program: "programme",
  };
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
      .replace(/(\d)\s?\((\d+)\)/g, "$1.$2") // Article 3(4) is also written 3.4.
      .replace(/(\d)(?:st|nd|rd|th)\b/g, "$1")
      .replace(/\b([a-z])\.(?=[a-z]\b)/g, "$1"); // U.S.
  const WORD = /[\p{L}\p{N}]+(?:[-.]+[\p{L}\p{N}]+)*/gu;
  const plain = (word) => SAME[word] ?? word;
  // The words of a text. A word that is joined from others knows its parts.
  const words = (text) =>
    (fold(text).match(WORD) ?? []).flatMap((joined) => {
      if (/^\d+(\.\d+)+$/.test(joined)) return [{ whole: joined, parts: [joined] }];
      if (joined.includes(".")) return joined.split(/\.+/).flatMap(words);
      const parts = joined.split(/-+/).map(plain);
      return [{ whole: parts.join(""), parts }];
    });
  // The same words and names occur often, and their forms take time to compute.
  const once = (work) => {
    const done = new Map();
    return (given) => {
      if (!done.has(given)) done.set(given, work(given));
      return done.get(given);
    };
  };
  const stem = once((word) => (/^[a-z]{3,}$/.test(word) ? searchLibrary.stemmer(word) : word));
  const stemsOf = (all) => all.flatMap(({ parts }) => parts.map(stem));
  const stems = (text) => stemsOf(words(text));
  const isNumber = (word) => /^\d+(\.\d+)*$/.test(word);
  // Article 3(4) is also found by "article 3", but not by "article 4".
  const forms = ({ whole, parts }) =>
    isNumber(whole) && parts.length === 1 ? [whole, whole.split(".")[0]] : [whole, ...parts, ...parts.map(stem)];

  // A number after one of these words belongs to it: an article and a 3 elsewhere do not match "article 3".
  const COUNTED = new Set(["article", "paragraph", "page"]);
  const numbered = (unit, number) => `${unit} ${number}`;

  // Members of a group mean the same. An entry with a member of a group has the name of the group as a term, too, so that a
  // search for any other member finds it.
  const LONGEST = 4; // members have no more words
  const groups = new Map(); // the names of a member's groups, by its stems
  const readGroups = (lists) => {
    for (const [number, list] of lists.entries()) {
      for (const member of list) {
        const key = stems(member).join(" ");
        groups.set(key, [...(groups.get(key) ?? []), `=${number}`]);
      }
    }
  };
  // The longest member that starts at a position: its number of stems, and its groups.
  const memberAt = (run, at) => {
    for (let length = Math.min(LONGEST, run.length - at); length > 0; length--) {
      const names = groups.get(run.slice(at, at + length).join(" "));
      if (names) return { length, names };
    }
    return { length: 0, names: [] };
  };
  const terms = (text) => {
    const all = words(text);
    const found = all.flatMap(forms);
    let unit = "";
    for (const word of all) {
      if (COUNTED.has(word.whole)) unit = word.whole;
      else if (unit && isNumber(word.whole)) found.push(...forms(word).map((number) => numbered(unit, number)));
      else if (!["and", "or", "to"].includes(word.whole)) unit = ""; // "articles 3 and 5"
    }
    const run = stemsOf(all);
    run.forEach((word, at) => found.push(...(groups.get(word) ?? []), ...memberAt(run, at).names));
    return new Set(found);
  };
  const termsOf = once(terms);
  const hit = (piece, hits) => [...termsOf(piece)].some((term) => hits.has(term));

  // Words of a question that do not say what it is about.
  const STOP = new Set(
    (
      "a about according actually all also am an and any anyone anything are as at be became become been being biggest " +
      "but by can compare compared could currently did do does done ever exactly for from get gets give given go goes " +
      "got had happen happened happening happens has have having he her here his how i if in info information into is " +
      "it its just know known let like many may me mean means might most much must my need needs no not now of on or " +
      "our out people please put really regarding said say saying says shall she should show so some someone something " +
      "still tell than that the their them then there these they thing things this those to told versus vs was we were " +
      "what whats when where whether which who whom whose why will with would yet you your"
    ).split(" "),
  );
  // What a question asks for, and which entries answer it.
  const NUMBER = "(\\d[\\d.,]*|two|three|four|five|six|seven|eight|nine|ten|hundreds?|thousands?)";
  const hasNumber = ({ title }) => new RegExp(`\\b${NUMBER}\\b`, "i").test(title);
  const ASKED = [
    [/\bhow (much|long|far|big|large|old|often)\b/, hasNumber],
    // "47 articles" and "two naval bases" answer "how many articles" and "how many bases".
    [/\bhow many ([\p{L}]+)/u, ({ title }, [, noun]) => new RegExp(`\\b${NUMBER} (of \\S+ |\\S+ )?${stem(noun)}`, "i").test(title)],
    [/\b(when|until when|what (year|date|day))\b/, ({ title }) => /\b\d{4}\b/.test(title)],
    [/\b(still|now|currently|today)\b/, ({ title }) => /\b(still|now|remains?)\b/i.test(title)],
    [/^(will|could|would|might|can)\b/, ({ kind }) => kind === "Key judgment"],
  ];

  // How much a match counts: what a thing is called counts more than what is said about it.
  const BOOST = { title: 3, names: 3, about: 0.8, text: 1, more: 0.4 };
  // Short answers come before facts, and what a reader can name comes before both.
  const WEIGHT = {
    Row: 1.35, Answer: 1.1, "Key judgment": 1.1, Fact: 1, Topic: 1.2, "Open question": 0.9, Page: 0.8, Section: 0.7, Source: 0.5, Part: 0.4,
  };
  // One or two words are often a name, and then its page is wanted. A question wants a sentence.
  const weight = ({ kind }, isQuestion) => WEIGHT[kind] ?? (isQuestion ? 1 : 1.5);
  const SYNONYM = 0.85; // how much a synonym counts, compared with the word itself
  const ANSWER = 1.5; // how much more an entry counts that has what the question asks for

  let engine;
  let entries;
  let vocabulary;

  const build = () => {
    const started = performance.now();
    const { entries: found, names, synonyms } = self.searchEntries;
    readGroups(synonyms);
    vocabulary = new Set();
    const named = once((id) => names[id].flatMap((name) => [...termsOf(name)]));
    const tokenize = (text, field) => {
      const made = field === "about" ? text.split(" ").flatMap(named) : [...terms(text)];
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
    entries = found.map((entry, id) => {
      const called = [entry.title, ...(entry.names ?? [])].map((name) => stems(name).join(" "));
      return { ...entry, id, called: new Set(called) };
    });
    engine.addAll(entries);
    dialog.dataset.ready = Math.round(performance.now() - started);
  };

  // Words of similar spelling: with two letters exchanged, or with a few wrong letters. Numbers have none.
  const similar = (word, most) => {
    if (/\d/.test(word) || word.length < 4) return [];
    const exchanged = [...word].slice(1).map((letter, at) => word.slice(0, at) + letter + word[at] + word.slice(at + 2));
    const known = exchanged.filter((other) => vocabulary.has(other));
    if (known.length) return known;
    const found = engine.search({ queries: [word], fuzzy: most });
    return [...new Set(found.flatMap(({ terms }) => terms))];
  };

  // What an entry scores for a part of a question is the score of the best of the alternatives, which are queries of the library
  // with how much they count.
  const best = (alternatives) => {
    const scores = new Map();
    for (const [query, counts] of alternatives) {
      for (const { id, score, terms } of engine.search(query)) {
        const one = scores.get(id) ?? { score: 0, terms: new Set() };
        // The library favours an entry with many words that begin as the word does.
        one.score = Math.max(one.score, (counts * score) / terms.length);
        for (const term of terms) one.terms.add(term);
        scores.set(id, one);
      }
    }
    return scores;
  };
  const inAll = (parts) => {
    const [first, ...others] = parts;
    const scores = new Map();
    for (const [id, one] of first) {
      const rest = others.map((other) => other.get(id));
      if (rest.every(Boolean)) {
        const score = rest.reduce((sum, { score }) => sum + score, one.score);
        scores.set(id, { score, terms: new Set([one, ...rest].flatMap(({ terms }) => [...terms])) });
      }
    }
    return scores;
  };
  const exactly = (term) => ({ queries: [term], prefix: false });
  const meant = (word, unfinished) => {
    const alternatives = [[exactly(word), 1]];
    const stemmed = stem(word);
    if (stemmed !== word) alternatives.push([exactly(stemmed), 0.95]);
    for (const name of groups.get(stemmed) ?? []) alternatives.push([exactly(name), SYNONYM]);
    if (unfinished && word.length > 1 && !/\d/.test(word) && !vocabulary.has(word)) alternatives.push([{ queries: [word], prefix: true }, 1]);
    let found = best(alternatives);
    const guessed = found.size ? [] : similar(word, word.length < 8 ? 1 : 2);
    if (guessed.length) found = best(guessed.map((term) => [exactly(term), 0.6]));
    return { found, guessed };
  };
  // A word as it was typed, and the entries that match it.
  const matched = ({ whole, parts }, unfinished) => {
    const each = parts.map((part) => meant(part, unfinished && part === parts.at(-1)));
    const found = inAll(each.map((one) => one.found));
    if (parts.length > 1) for (const [id, one] of best([[exactly(whole), 1.5]])) found.set(id, one);
    return { typed: parts.join("-"), found, guessed: each.flatMap(({ guessed }) => guessed) };
  };
  const isStop = ({ whole }, at, all) => {
    // In "May 2025", May is a month.
    if (whole === "may") return ![all[at - 1], all[at + 1]].some((beside) => beside && isNumber(beside.whole));
    // "How long does it last" asks for nothing more than "how long".
    if (/^(last|take)s?$/.test(whole)) return all.slice(0, at).some((word, before) => word.whole === "how" && all[before + 1].whole === "long");
    return STOP.has(whole);
  };
  // The parts of a question: words, phrases that have synonyms, and numbers with what they number.
  const partsOf = (text) => {
    const all = words(text);
    const finished = /\s$/.test(text);
    const telling = all.filter((word, at) => !isStop(word, at, all));
    const found = [];
    for (let at = 0; at < all.length; ) {
      const word = all[at];
      const after = all[at + 1];
      const run = stemsOf(all.slice(at));
      const { length, names } = memberAt(run, 0);
      // "Snap back" may be written as one word.
      const joined = after && word.whole + after.whole;
      if (joined && !isNumber(word.whole) && vocabulary.has(joined)) {
        found.push(matched({ whole: joined, parts: [joined] }, false));
        at += 2;
      } else if (COUNTED.has(word.whole) && after && isNumber(after.whole)) {
        const name = numbered(word.whole, after.whole);
        found.push({ typed: name, found: best([[exactly(name), 2]]), guessed: [] });
        at += 2;
      } else if (length > word.parts.length) {
        let end = at;
        for (let left = length; left > 0; end++) left -= all[end].parts.length;
        const phrase = all.slice(at, end);
        const scores = best(names.map((name) => [exactly(name), SYNONYM]));
        // The words of "nuclear bomb" may be apart in a text. Of "how long", one alone says less.
        const apart = phrase.filter((one) => telling.includes(one)).map((one) => matched(one, false).found);
        const counts = apart.length === phrase.length ? 1 : SYNONYM;
        for (const [id, { score, terms }] of apart.length ? inAll(apart) : []) {
          if (!(scores.get(id)?.score > score * counts)) scores.set(id, { score: score * counts, terms });
        }
        found.push({ typed: phrase.map(({ parts }) => parts.join("-")).join(" "), found: scores, guessed: [] });
        at = end;
      } else {
        if (telling.includes(word) || !telling.length) found.push(matched(word, !finished && word === all.at(-1)));
        at += 1;
      }
    }
    return found;
  };

  // The entries that match all parts of a question and, if these are few, those that match some; best first.
  const find = (text) => {
    const parts = partsOf(text);
    const scores = new Map();
    for (const part of parts) {
      // The library's scores of frequent and rare words differ much. All parts of a question count, but rare ones count more.
      const most = Math.max(...[...part.found.values()].map(({ score }) => score));
      const rarity = Math.log(1 + entries.length / part.found.size) / Math.sqrt(most);
      for (const [id, { score: raw, terms }] of part.found) {
        const score = raw * rarity;
        const one = scores.get(id) ?? { score: 0, parts: new Set(), terms: new Set() };
        one.score += score;
        one.parts.add(part);
        for (const term of terms) one.terms.add(term);
        scores.set(id, one);
      }
    }
    const typed = stems(text).join(" ");
    const isQuestion = words(text).length > 2;
    const asked = ASKED.map(([question, answers]) => [fold(text).trim().match(question), answers]).filter(([match]) => match);
    const found = [...scores].map(([id, { score, parts: having, terms }]) => {
      const entry = entries[id];
      const called = entry.called.has(typed) ? 4 : 1;
      const missing = parts.filter((part) => !having.has(part)).map((part) => part.typed);
      const answers = asked.some(([match, fits]) => fits(entry, match)) ? ANSWER : 1;
      return { entry, score: score * (having.size / parts.length) ** 2 * weight(entry, isQuestion) * called * answers, terms, missing };
    });
    found.sort((one, other) => other.score - one.score || one.entry.id - other.entry.id);
    const full = found.filter(({ missing }) => !missing.length);
    const partial = full.length < ENOUGH ? found.filter(({ missing }) => missing.length) : [];
    return { parts, full, partial };
  };

  const element = (name, className, ...children) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...children);
    return made;
  };
  const SCRIPTS = ["Arab", "Armn", "Cyrl", "Geor", "Grek", "Hani", "Hebr"]; // ISO 15924
  const PIECE = /[\p{L}\p{M}\p{N}]+/gu;
  const marked = (text, hits) => {
    const pieces = [];
    let end = 0;
    for (const { 0: piece, index: at } of text.matchAll(PIECE)) {
      if (!hit(piece, hits)) continue;
      pieces.push(text.slice(end, at), element("mark", "", piece));
      end = at + piece.length;
    }
    return [...pieces, text.slice(end)];
  };
  // The part of a text around the first match.
  const excerpt = (text, hits) => {
    const first = [...text.matchAll(PIECE)].find(({ 0: piece }) => hit(piece, hits));
    let start = Math.max(0, (first?.index ?? 0) - 60);
    if (start) start = text.indexOf(" ", start) + 1;
    const end = text.length - start > 170 ? text.lastIndexOf(" ", start + 170) : text.length;
    return marked(`${start ? "… " : ""}${text.slice(start, end)}${end < text.length ? " …" : ""}`, hits);
  };
  const address = (path) => {
    const url = new URL(path, root);
    if (url.protocol === "file:" && url.pathname.endsWith("/")) url.pathname += "index.html"; // no server adds it
    return url.href;
  };
  const linked = (title, { address: path = "" }) => {
    const link = element("a", "", title);
    link.href = address(path);
    return link;
  };
  const result = ({ entry, terms: found, missing }) => {
    // If another spelling of a name matched, the spelling in the text is marked.
    const hits = new Set(found);
    for (const [name, ...others] of (entry.about ?? []).map((id) => self.searchEntries.names[id])) {
      if (others.some((other) => words(other).every(({ whole }) => found.has(whole)))) terms(name).forEach((term) => hits.add(term));
    }
    const link = linked(element("span", "search-title", ...marked(entry.title, hits)), entry);
    if (entry.names?.length) {
      const names = entry.names.flatMap((name, at) => {
        const spelling = element("bdi", "", ...marked(name, hits));
        const script = SCRIPTS.find((code) => new RegExp(`\\p{Script=${code}}`, "u").test(name));
        if (script) spelling.lang = `und-${script}`;
        return [at ? " · " : "", spelling];
      });
      link.append(element("span", "search-text", message("alsoWritten"), ...names));
    }
    if (entry.text) link.append(element("span", "search-text", ...excerpt(entry.text, hits)));
    const where = element("span", "search-where", [entry.label, entry.within].filter(Boolean).join(" · "));
    if (entry.who) where.append(" ", element("span", `search-voice voice-${entry.voice}`, entry.who));
    if (missing.length) where.append(" ", element("span", "search-missing", message("without", { words: missing.join(", ") })));
    link.append(where);
    return element("li", "", link);
  };
  const list = (found, label) => {
    const made = element("ol", "", ...found.map(result));
    made.setAttribute("aria-label", label);
    return made;
  };

  // Words as entries write them, for terms that they have.
  const written = (found) => {
    const pieces = found.map((term) => {
      for (const { id } of engine.search(exactly(term))) {
        const { title, names = [], text = "", more = "" } = entries[id];
        for (const { 0: piece } of [title, ...names, text, more].join(" ").matchAll(PIECE)) {
          if (termsOf(piece).has(term)) return piece;
        }
      }
      return term;
    });
    return [...new Set(pieces)].slice(0, 3);
  };
  // What helps when nothing was found: words of similar spelling, and pages to start from.
  const help = (text) => {
    const near = words(text).flatMap(({ whole }) => similar(whole, Math.ceil(whole.length / 3)));
    const made = element("div", "search-help");
    if (near.length) {
      const buttons = written(near).map((word) => {
        const button = element("button", "", word);
        button.type = "button";
        button.addEventListener("click", () => {
          input.value = word;
          input.focus();
          show();
        });
        return button;
      });
      made.append(element("p", "", message("didYouMean"), ...buttons));
    }
    const topics = entries.filter(({ kind }) => kind === "Topic");
    const pages = topics.length ? topics : entries.filter(({ kind }) => kind === "Page");
    const links = pages.map((page) => element("li", "", linked(page.title, page)));
    made.append(element("p", "", message("startHere")), element("ul", "", ...links));
    return made;
  };

  const summary = (text, { parts, full, partial }) => {
    const { length } = full.length ? full : partial;
    if (!length) return message("nothing", { words: text.trim() });
    const [all, best] = full.length ? ["results", "best"] : ["partial", "bestPartial"];
    const guesses = parts
      .filter(({ guessed }) => guessed.length)
      .map(({ typed, guessed }) => message("similar", { word: typed, found: written(guessed).join(", ") }));
    return [plural(length > SHOWN ? best : all, length, { shown: SHOWN }), ...guesses].join(" · ");
  };
  const show = () => {
    if (!engine) return;
    const text = input.value;
    const found = words(text).length ? find(text) : { parts: [], full: [], partial: [] };
    const full = found.full.slice(0, SHOWN);
    const partial = found.partial.slice(0, SHOWN - full.length);
    results.replaceChildren();
    if (full.length) results.append(list(full, dialog.dataset.results));
    if (full.length && partial.length) results.append(element("p", "search-partial", message("someWords")));
    if (partial.length) results.append(list(partial, message("someWords")));
    if (text.trim() && !full.length && !partial.length) results.append(help(text));
    status.textContent = text.trim() ? summary(text, found) : "";
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
    const missing = self.searchEntries ? [] : ["assets/search-library.js", dialog.dataset.entries];
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
    if (event.target === dialog) dialog.close(); // outside the dialog
    if (event.target.closest("a")) dialog.close(); // the target may be on this page
  });
  input.addEventListener("input", show);
  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    results.querySelector("a")?.click();
  });
  dialog.addEventListener("keydown", (event) => {
    const stops = [input, ...results.querySelectorAll("a, button")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = stops.indexOf(document.activeElement);
    if (step && at >= 0) {
      event.preventDefault();
      stops[Math.max(0, Math.min(stops.length - 1, at + step))].focus();
    } else if (at > 0 && (event.key === "Backspace" || (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey))) {
      input.focus(); // the key then acts on the field
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

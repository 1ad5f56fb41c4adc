// What a look at the document as it stands can tell of the criteria of RGAA 4.1.2. Answers a list of { criterion, what, where }.
() => {
  const faults = [];
  const where = e => {
    const own = e.outerHTML.replace(/\s+/g, " ");
    return own.length > 160 ? own.slice(0, 160) + "…" : own;
  };
  const fault = (criterion, what, e) => faults.push({ criterion, what, where: e ? where(e) : "" });
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const seen = e => e.checkVisibility({ visibilityProperty: true }) && !e.closest("[aria-hidden=true]");
  const text = e => (e?.textContent ?? "").replace(/\s+/g, " ").trim();
  // What is seen and read out; a sign that is hidden from those who cannot see is no part of a name.
  const said = e => { const copy = e.cloneNode(true); all("[aria-hidden=true]", copy).forEach(hidden => hidden.remove()); return text(copy); };
  const named = id => id.split(/\s+/).map(i => text(document.getElementById(i))).join(" ").trim();
  const name = e =>
    (e.hasAttribute("aria-labelledby") && named(e.getAttribute("aria-labelledby")))
    || e.getAttribute("aria-label")?.trim()
    || (e.labels && [...e.labels].map(text).join(" ").trim())
    || (e.tagName === "IMG" ? e.alt : "")
    || (e.tagName === "svg" ? text(e.querySelector("title")) : "")
    || text(e) || all("img[alt], svg[aria-label], svg title", e).map(i => i.alt ?? i.getAttribute("aria-label") ?? text(i)).join(" ").trim()
    || e.getAttribute("title")?.trim() || "";
  const knownLanguage = tag => { try { return /^[a-z]{2,3}(-|$)/i.test(tag) && Intl.getCanonicalLocales(tag).length === 1; } catch { return false; } };

  // Images
  for (const image of all("img, area[href], input[type=image]").filter(seen))
    if (!image.hasAttribute("alt") && !image.hasAttribute("aria-label") && !image.hasAttribute("aria-labelledby"))
      fault("1.1", "an image has no text to stand for it", image);
  for (const image of all("[role=img]").filter(seen))
    if (!name(image)) fault("1.1", "an image has no text to stand for it", image);
  for (const image of all("svg").filter(e => seen(e) && !e.parentElement.closest("svg")))
    if (image.getAttribute("role") !== "img") fault("1.2", "a drawing is neither an image with a name nor hidden from those who cannot see", image);

  // Frames, sound
  for (const frame of all("iframe, frame").filter(seen))
    if (!frame.title.trim()) fault("2.1", "a frame has no title", frame);
  for (const media of all("audio[autoplay], video[autoplay]"))
    if (!media.muted) fault("4.10", "sound starts by itself", media);

  // Tables
  for (const table of all("table, [role=grid], [role=table]").filter(e => seen(e) && e.getAttribute("role") !== "presentation")) {
    if (!table.querySelector("caption") && !table.hasAttribute("aria-label") && !table.hasAttribute("aria-labelledby"))
      fault("5.4", "a table has no title", table);
    if (!all("th, [role=columnheader], [role=rowheader]", table).length) fault("5.6", "a table has no headers", table);
    for (const header of all("thead th", table))
      if (!header.hasAttribute("scope") && !header.id && !header.hasAttribute("role")) fault("5.7", "a header does not say for what it stands", header);
  }

  // Links
  const vague = /^(cliquez ici|cliquer ici|ici|lien|lire la suite|en savoir plus|plus|suite|voir|click here|here|link|read more|learn more|more|see)[\s.…>»]*$/i;
  for (const link of all("a[href], [role=link]").filter(seen)) {
    if (!name(link)) fault("6.2", "a link has no name", link);
    else if (vague.test(name(link)) && !link.hasAttribute("aria-describedby")) fault("6.1", "a link does not say where it goes", link);
    const label = link.getAttribute("aria-label");
    if (label && said(link) && !label.toLowerCase().includes(said(link).toLowerCase())) fault("6.1", "the name of a link lacks the text that is seen", link);
  }

  // Scripts: what is worked must have a name, a role, and be reached by keyboard
  for (const worked of all("button, [role=button], [role=tab], [role=menuitem], [role=option], [role=checkbox], [role=switch], summary").filter(seen)) {
    if (!name(worked)) fault("7.1", "something to press has no name", worked);
    const label = worked.getAttribute("aria-label");
    if (label && /\p{L}/u.test(said(worked)) && !label.toLowerCase().includes(said(worked).toLowerCase())) fault("11.9", "the name of a button lacks the text that is seen", worked);
  }
  for (const worked of all("[role=button], [role=link], [role=checkbox], [role=switch], [role=slider], [role=textbox], [role=combobox]").filter(seen))
    if (worked.tabIndex < 0 && !worked.closest("[aria-activedescendant], [role=listbox], [role=grid]")) fault("7.3", "something to work is not reached by keyboard", worked);
  for (const region of all("[onclick]").filter(e => seen(e) && !e.matches("a[href], button, input, select, textarea, summary, label, [role]")))
    fault("7.3", "something answers to the mouse alone", region);

  // Obligatory elements
  if (!document.doctype || document.compatMode !== "CSS1Compat") fault("8.1", "the document does not say its type");
  const ids = new Map();
  for (const e of all("[id]")) ids.has(e.id) ? fault("8.2", "an id is there twice", e) : ids.set(e.id, e);
  for (const attribute of ["for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-activedescendant", "aria-errormessage", "headers", "list"])
    for (const e of all(`[${attribute}]`).filter(seen))
      for (const id of e.getAttribute(attribute).split(/\s+/).filter(i => i))
        if (!ids.has(id) && !(attribute === "aria-controls" && e.getAttribute("aria-expanded") === "false")) fault("8.2", `${attribute} names what is not there: ${id}`, e);
  const language = document.documentElement.lang;
  if (!language) fault("8.3", "the document does not say its language");
  else if (!knownLanguage(language)) fault("8.4", `there is no language ${language}`);
  if (!document.title.trim()) fault("8.5", "the page has no title");
  for (const e of all("body [lang]")) if (!knownLanguage(e.lang)) fault("8.8", `there is no language ${e.lang}`, e);
  for (const e of all("p, h1, h2, h3, h4, h5, h6, li, blockquote").filter(seen))
    if (!text(e) && !e.querySelector("img, svg, input, button, select, textarea, [role=img]")) fault("8.9", "an element without content stands for space", e);
  for (const e of all("br + br")) fault("8.9", "line breaks stand for space", e);

  // Structure
  const headings = all("h1, h2, h3, h4, h5, h6, [role=heading]").filter(seen);
  if (!headings.some(h => h.matches("h1, [role=heading][aria-level='1']"))) fault("9.1", "the page has no first heading");
  let before = 0;
  for (const heading of headings) {
    const level = Number(heading.getAttribute("aria-level") ?? heading.tagName[1]);
    if (!name(heading)) fault("9.1", "a heading is empty", heading);
    if (level > before + 1 && before) fault("9.1", `a heading of level ${level} follows one of level ${before}`, heading);
    before = level;
  }
  const mains = all("main, [role=main]").filter(seen);
  if (mains.length !== 1) fault("9.2", `there are ${mains.length} main parts`);
  const outermost = e => !e.parentElement.closest("main, article, section, aside, nav, [role=main]");
  for (const [part, selector] of [["header", "header, [role=banner]"], ["footer", "footer, [role=contentinfo]"]]) {
    const found = all(selector).filter(e => seen(e) && (e.hasAttribute("role") || outermost(e)));
    if (found.length > 1) fault("9.2", `there are ${found.length} parts of kind ${part}`, found[1]);
  }
  for (const kind of ["nav, [role=navigation]", "aside, [role=complementary]", "section[aria-label], section[aria-labelledby], [role=region]", "[role=search], search"]) {
    const found = all(kind).filter(seen);
    const names = found.map(e => e.hasAttribute("aria-labelledby") ? named(e.getAttribute("aria-labelledby")) : e.getAttribute("aria-label") ?? "");
    if (found.length > 1) names.forEach((n, i) => { if (!n || names.indexOf(n) !== i) fault("9.2", "parts of the same kind are not told apart by name", found[i]); });
  }
  for (const e of all("ul > :not(li, script, template), ol > :not(li, script, template)")) if (!e.closest("[role]")) fault("9.3", "something in a list is no item of it", e);
  for (const e of all("li")) if (!e.parentElement.matches("ul, ol, menu, [role=list]")) fault("9.3", "an item is in no list", e);

  // Presentation
  for (const e of all("font, center, big, blink, marquee, strike, tt, basefont")) fault("10.1", "an element is there for its looks", e);
  for (const e of all("[align], [bgcolor], [border], [cellpadding], [cellspacing], [valign], table[width], td[width], th[width], [hspace], [vspace]").filter(e => !e.closest("svg")))
    fault("10.1", "an attribute is there for its looks", e);
  if (/(maximum-scale\s*=\s*[01]\b|user-scalable\s*=\s*(no|0))/.test(document.querySelector("meta[name=viewport]")?.content ?? "")) fault("10.4", "zooming is forbidden");
  for (const e of all("[aria-hidden=true]")) for (const inner of [e, ...all("a[href], button, input, select, textarea, [tabindex]", e)])
    if (inner.tabIndex >= 0 && inner.matches("a[href], button, input, select, textarea, [tabindex]") && !inner.disabled && inner.checkVisibility({ visibilityProperty: true })) fault("10.8", "focus goes to what is hidden from those who cannot see", inner);

  // Forms
  for (const field of all("input:not([type=hidden], [type=submit], [type=button], [type=reset], [type=image]), select, textarea, [role=combobox], [role=textbox], [role=listbox]").filter(seen)) {
    const label = (field.labels && [...field.labels].some(l => text(l))) || field.getAttribute("aria-label")?.trim() || (field.hasAttribute("aria-labelledby") && named(field.getAttribute("aria-labelledby")));
    if (!label) fault("11.1", "a field has no label", field);
    if (field.labels?.length && ![...field.labels].some(l => l.checkVisibility())) fault("11.1", "the label of a field is not to be seen", field);
    if (field.getAttribute("aria-invalid") === "true" && !named(field.getAttribute("aria-describedby") ?? field.getAttribute("aria-errormessage") ?? "")) fault("11.10", "a field is wrong and does not say how", field);
  }
  for (const group of all("fieldset, [role=radiogroup]").filter(seen))
    if (!text(group.querySelector(":scope > legend")) && !group.hasAttribute("aria-label") && !group.hasAttribute("aria-labelledby")) fault("11.6", "a group of fields has no title", group);
  const radios = new Set(all("input[type=radio]").filter(seen).map(r => r.name));
  for (const radio of radios) if (!all("input[type=radio]").find(r => r.name === radio).closest("fieldset, [role=radiogroup]")) fault("11.5", `choices of ${radio} are not held together`);

  // Getting about
  for (const e of all("[tabindex]")) if (e.tabIndex > 0) fault("12.8", "the order of focus is not that of the page", e);
  if (document.querySelector("meta[http-equiv=refresh]")) fault("13.1", "the page reloads by itself");
  return faults;
}

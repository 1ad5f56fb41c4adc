// Makes elements. Texts become text nodes and nothing else, so that no data is ever read as markup.

export const $ = id => document.getElementById(id);

/** Makes an element: properties and `on…` handlers in an object (a name with a hyphen is an attribute), then children. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false)
      continue;
    if (name.startsWith('on'))
      element.addEventListener(name.slice(2), value);
    else if (name.includes('-') || name === 'role')
      element.setAttribute(name, value === true ? '' : value);
    else
      element[name] = value;
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined));
  return element;
}

/** Calls `work` once, some time after the last call. */
export function later(work, milliseconds) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...given), milliseconds);
  };
}

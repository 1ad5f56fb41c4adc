// Reads the variables as they are written, and says what is wrong with them.

import { t } from './words.js';

/** { value, problem }: an object (undefined when nothing is written) or what is wrong. */
export function readVariables(text, operation) {
  if (text.trim() === '')
    return {};
  let value;
  try {
    value = JSON.parse(text);
  } catch (wrong) {
    return { problem: where(text, wrong.message) };
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return { problem: t('notObject') };
  const unknown = Object.keys(value).filter(name => !operation?.variables.some(v => v.name === name));
  return unknown.length > 0 ? { value, problem: t('undeclared', unknown.map(name => '$' + name).join(', ')) } : { value };
}

/** Browsers tell the place by line and column, by position, or as the end. */
function where(text, message) {
  const lines = /line (\d+) column (\d+)/.exec(message);
  if (lines)
    return t('notJson', lines[1], lines[2]);
  const position = /position (\d+)/.exec(message);
  const at = position ? Number(position[1]) : /end of/i.test(message) ? text.length : -1;
  if (at < 0)
    return t('notJsonAnywhere');
  const before = text.slice(0, at).split('\n');
  return t('notJson', before.length, before[before.length - 1].length + 1);
}

// Lays out a document: two spaces a level, one selection a line, values on theirs. Comments stay; a text that cannot be read stays as it is.

import { graphqlTokens } from './lexer.js';

const opens = { '{': '}', '(': ')', '[': ']' };

/** The document laid out; the same when it is laid out already, or has something in it that is no GraphQL. */
export function prettify(text) {
  const tokens = graphqlTokens(text).filter(token => token.kind !== 'space');
  if (tokens.some(token => token.kind === 'wrong') || !isBalanced(tokens))
    return text;
  const lines = [];
  let line = '';
  const open = [];
  const inValue = () => open.includes('(');
  const indent = () => '  '.repeat(open.filter(sign => sign === '{').length);
  const end = () => {
    if (line.trim())
      lines.push(line.trimEnd());
    line = indent();
  };
  const add = part => {
    line = line.trim() ? line + part : indent() + part.trimStart();
  };
  tokens.forEach((token, i) => {
    const previous = tokens[i - 1];
    const isGlued = !previous || /^(\(|\[|\$|@|\.\.\.)$/.test(previous.text);
    if (token.kind === 'comment') {
      const isOwnLine = !previous || text.slice(previous.end, token.start).includes('\n');
      if (isOwnLine && !inValue())
        end();
      add((isOwnLine ? '' : ' ') + token.text.trimEnd());
      end();
    } else if (token.text === '{' && !inValue()) {
      add(line.trim() ? ' {' : '{');
      open.push('{');
      end();
    } else if (token.text === '}' && !inValue()) {
      end();
      open.pop();
      line = indent() + '}';
      end();
      if (open.length === 0 && i < tokens.length - 1)
        lines.push('');
    } else if (/^[({[]$/.test(token.text)) {
      add(token.text === '(' ? '(' : separator(previous) + token.text + (token.text === '{' && tokens[i + 1]?.text !== '}' ? ' ' : ''));
      open.push(token.text === '{' ? 'value' : token.text);
    } else if (/^[)}\]]$/.test(token.text)) {
      open.pop();
      add(token.text === '}' && previous.text !== '{' ? ' }' : token.text);
    } else if (/^[:!]$/.test(token.text)) {
      add(token.text);
    } else if (/^[=|&]$/.test(token.text)) {
      add(' ' + token.text);
    } else {
      if (!inValue() && startsLine(tokens, i, open))
        end();
      add(isGlued && !(previous?.text === '...' && token.text === 'on') ? token.text : separator(previous) + token.text);
    }
  });
  end();
  return lines.join('\n').trimEnd() + '\n';

  function separator(before) {
    if (!line.trim() || !before)
      return '';
    if (/^(:|=|\||&|\.\.\.)$/.test(before.text))
      return ' ';
    if (!inValue())
      return ' ';
    return /^[({[$@]$/.test(before.text) ? '' : ', ';
  }
}

/** Whether a token begins a selection. */
function startsLine(tokens, i, open) {
  const [token, previous] = [tokens[i], tokens[i - 1]];
  if (open[open.length - 1] !== '{' || !previous || token.text === '@' || /^[:$@]$/.test(previous.text) || previous.text === '...')
    return false;
  return !(token.kind === 'name' && (previous.text === 'on' && tokens[i - 2]?.text === '...'));
}

function isBalanced(tokens) {
  const open = [];
  for (const { text, kind } of tokens)
    if (kind === 'punctuator' && opens[text])
      open.push(opens[text]);
    else if (kind === 'punctuator' && Object.values(opens).includes(text) && open.pop() !== text)
      return false;
  return open.length === 0;
}

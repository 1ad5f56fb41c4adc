// Cuts GraphQL and JSON into tokens. What is neither is a token of kind `wrong`, so that half-written texts can be read too.

const graphql = /(?<space>[\s,\uFEFF]+)|(?<comment>#[^\n\r]*)|(?<string>"""(?:\\"""|[^])*?(?:"""|$)|"(?:\\.|[^"\\\n])*(?:"|(?=\n)|$))|(?<punctuator>\.\.\.|[!$&()\[\]{}:=@|])|(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<name>[A-Za-z_]\w*)|(?<wrong>[^])/y;
const json = /(?<space>\s+)|(?<string>"(?:\\.|[^"\\\n])*(?:"|(?=\n)|$))|(?<punctuator>[{}\[\]:,])|(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<name>[A-Za-z_]\w*)|(?<wrong>[^])/y;

function cut(text, pattern) {
  const tokens = [];
  pattern.lastIndex = 0;
  for (let match; pattern.lastIndex < text.length && (match = pattern.exec(text));) {
    const kind = Object.keys(match.groups).find(name => match.groups[name] !== undefined);
    tokens.push({ kind, text: match[0], start: match.index, end: match.index + match[0].length });
  }
  return tokens;
}

/** All tokens, spaces and comments included: their texts together are the text. */
export const graphqlTokens = text => cut(text, graphql);

export const jsonTokens = text => cut(text, json);

/** Tokens that mean something. */
export const meaningful = tokens => tokens.filter(token => token.kind !== 'space' && token.kind !== 'comment');

/** Tokens with the kinds that are shown: keywords, variables, fields before a colon. */
export function colours(tokens) {
  const words = meaningful(tokens);
  words.forEach((token, index) => {
    const before = words[index - 1]?.text;
    if (token.kind === 'name' && (before === '$' || before === '@'))
      token.kind = words[index - 1].kind = before === '$' ? 'variable' : 'directive';
    else if (token.kind === 'name' && /^(query|mutation|subscription|fragment|on|true|false|null)$/.test(token.text) && words[index + 1]?.text !== ':')
      token.kind = 'keyword';
    else if (token.kind === 'name' && words[index + 1]?.text === ':')
      token.kind = 'label';
    else if (token.kind === 'name' && before === ':' && /^[A-Z]/.test(token.text))
      token.kind = 'value';
  });
  return tokens;
}

/** JSON tokens with names of properties told from values. */
export function jsonColours(tokens) {
  const words = meaningful(tokens);
  words.forEach((token, index) => {
    if (token.kind === 'string' && words[index + 1]?.text === ':')
      token.kind = 'label';
    else if (token.kind === 'name')
      token.kind = /^(true|false|null)$/.test(token.text) ? 'keyword' : 'wrong';
  });
  return tokens;
}

/** The operations of a document in order: their kind, name (empty when they have none) and variables with the texts of their types. */
export function operations(text) {
  const tokens = meaningful(graphqlTokens(text));
  const found = [];
  let depth = 0;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (depth === 0 && token.text === '{' && tokens[i - 1]?.text === undefined)
      found.push({ kind: 'query', name: '', variables: [], start: token.start });
    if (depth === 0 && /^(query|mutation|subscription)$/.test(token.text) && tokens[i - 1]?.text !== 'fragment') {
      const name = tokens[i + 1]?.kind === 'name' ? tokens[i + 1].text : '';
      const one = { kind: token.text, name, variables: [], start: token.start };
      let at = i + (name ? 2 : 1);
      if (tokens[at]?.text === '(')
        for (at++; at < tokens.length && tokens[at].text !== ')'; at++)
          if (tokens[at].text === '$' && tokens[at + 2]?.text === ':') {
            let type = '';
            let end = at + 3;
            while (end < tokens.length && (tokens[end].kind === 'name' || /^[![\]]$/.test(tokens[end].text)))
              type += tokens[end++].text;
            one.variables.push({ name: tokens[at + 1].text, type });
          }
      found.push(one);
    }
    depth += /^[{(]$/.test(token.text) ? 1 : /^[})]$/.test(token.text) ? -1 : 0;
  }
  return found;
}

/** The fragments of a document: their names and types. */
export function fragments(text) {
  const tokens = meaningful(graphqlTokens(text));
  return tokens.flatMap((token, i) => token.text === 'fragment' && tokens[i + 2]?.text === 'on' && tokens[i + 3]
    ? [{ name: tokens[i + 1].text, type: tokens[i + 3].text }] : []);
}

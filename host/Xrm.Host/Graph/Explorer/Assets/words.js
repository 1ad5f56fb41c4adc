// What the page says, in French and in English.

const words = {
  schema: ['Schéma', 'Schema'],
  request: ['Requête', 'Request'],
  answer: ['Réponse', 'Answer'],
  query: ['Document GraphQL', 'GraphQL document'],
  variables: ['Variables', 'Variables'],
  run: ['Exécuter', 'Run'],
  runHint: ['Exécuter (Ctrl+Entrée)', 'Run (Ctrl+Enter)'],
  cancel: ['Arrêter', 'Stop'],
  prettify: ['Mettre en forme', 'Prettify'],
  history: ['Historique', 'History'],
  historyHint: ['Ce qui a été exécuté dans ce navigateur, le plus récent d’abord. Jamais les jetons ni les réponses.', 'What was run in this browser, the latest first. Never tokens nor answers.'],
  noHistory: ['Rien encore.', 'Nothing yet.'],
  clear: ['Tout oublier', 'Forget all'],
  close: ['Fermer', 'Close'],
  explain: ['Plan', 'Plan'],
  plan: ['Plan d’exécution', 'Execution plan'],
  operation: ['Opération', 'Operation'],
  tabs: ['Onglets', 'Tabs'],
  newTab: ['Nouvel onglet', 'New tab'],
  closeTab: ['Fermer l’onglet {0}', 'Close tab {0}'],
  untitled: ['Sans titre', 'Untitled'],
  back: ['← Retour', '← Back'],
  searchSchema: ['Chercher un type, un champ…', 'Search a type, a field…'],
  reload: ['Relire le schéma', 'Read the schema again'],
  noSchema: ['Le schéma ne peut pas être lu : {0}', 'The schema cannot be read: {0}'],
  nothingFound: ['Rien de ce nom.', 'Nothing of that name.'],
  more: ['… et {0} autres : précisez la recherche.', '… and {0} more: search for more letters.'],
  fields: ['Champs', 'Fields'],
  inputFields: ['Champs en entrée', 'Input fields'],
  values: ['Valeurs', 'Values'],
  kinds: ['Types possibles', 'Possible types'],
  implements: ['Implémente', 'Implements'],
  roots: ['Racines', 'Roots'],
  allTypes: ['Types', 'Types'],
  deprecated: ['Déconseillé : ', 'Deprecated: '],
  anonymous: ['Se connecter', 'Sign in'],
  signIn: ['Connexion', 'Sign in'],
  signInBySession: ['Une session ouverte dans ce navigateur suffit : un lien s’obtient par « xrm user link ».', 'A session in this browser is enough: “xrm user link” makes a link.'],
  signInByToken: ['Ou un jeton, fait par « xrm token create ». Il reste en mémoire et disparaît avec la page.', 'Or a token, made by “xrm token create”. It stays in memory and goes with the page.'],
  token: ['Jeton', 'Token'],
  use: ['Utiliser', 'Use'],
  forget: ['Oublier le jeton', 'Forget the token'],
  badToken: ['Ce jeton n’est pas accepté : {0}', 'This token is not accepted: {0}'],
  notJson: ['Ce n’est pas du JSON (ligne {0}, colonne {1}).', 'This is not JSON (line {0}, column {1}).'],
  notJsonAnywhere: ['Ce n’est pas du JSON.', 'This is not JSON.'],
  notObject: ['Les variables forment un objet : { … }.', 'Variables are an object: { … }.'],
  undeclared: ['Pas déclarée dans le document : {0}.', 'Not declared in the document: {0}.'],
  running: ['En cours…', 'Running…'],
  cancelled: ['Arrêté.', 'Stopped.'],
  unreachable: ['Le serveur ne répond pas.', 'The server does not answer.'],
  ready: ['Ctrl+Entrée exécute, Ctrl+Espace propose la suite.', 'Ctrl+Enter runs, Ctrl+Space proposes what may follow.'],
  error: ['1 erreur', '1 error'],
  errors: ['{0} erreurs', '{0} errors'],
  at: ['Ligne {0}, colonne {1} : ', 'Line {0}, column {1}: '],
  suggestions: ['Suites possibles', 'What may follow'],
  otherLanguage: ['English', 'Français'],
};

/** The language of the page: `fr` or `en`. */
export const language = () => document.documentElement.lang === 'en' ? 'en' : 'fr';

/** The language as dates and numbers are written in. */
export const locale = () => language() === 'fr' ? 'fr-FR' : 'en-GB';

/** A text in the language of the page, with values put in for {0}, {1}… */
export const t = (key, ...values) =>
  words[key][language() === 'en' ? 1 : 0].replace(/\{(\d)\}/g, (_, index) => values[index]);

/** Puts the texts into everything that asks for one. */
export function translate(root = document) {
  for (const element of root.querySelectorAll('[data-t]'))
    element.textContent = t(element.dataset.t);
  for (const element of root.querySelectorAll('[data-label]'))
    element.setAttribute('aria-label', t(element.dataset.label));
  for (const element of root.querySelectorAll('[data-placeholder]'))
    element.placeholder = t(element.dataset.placeholder);
}

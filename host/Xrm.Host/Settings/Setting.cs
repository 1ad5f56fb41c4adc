using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.Host.Settings;

/// <summary>One thing that whoever runs the host can choose.</summary>
/// <param name="Name">As an environment variable: <c>XRM_DATA</c>. The option is <c>--data</c>, the key in appsettings.json <c>Xrm:Data</c>.</param>
/// <param name="Default">What holds when nobody says anything.</param>
/// <param name="Meaning">What people read about it.</param>
internal sealed record Setting(string Name, string Default, Label Meaning)
{
    /// <summary>Shown as dots by <c>xrm settings</c>.</summary>
    public bool IsSecret { get; init; }

    /// <summary>The command line's option.</summary>
    public string Option => "--" + Name["XRM_".Length..].Replace('_', '-').ToLowerInvariant();

    /// <summary>The key in appsettings.json under <c>Xrm</c>: words run together, letter case does not matter.</summary>
    public string Key => Name["XRM_".Length..].Replace("_", "", StringComparison.Ordinal);

    public static readonly Setting Data = new("XRM_DATA", "data", Label.Of(
        "Le dossier des données ; relatif au dossier où la commande est lancée.",
        "The data folder; relative to the folder the command is given in."));

    public static readonly Setting Urls = new("XRM_URLS", "http://127.0.0.1:5080", Label.Of(
        "Les adresses d'écoute, séparées par des points-virgules ; le port 0 prend un port libre.",
        "The addresses to listen on, separated by semicolons; port 0 takes a free one."));

    public static readonly Setting Zone = new("XRM_TIMEZONE", "Europe/Paris", Label.Of(
        "Le fuseau horaire de la collectivité : il dit quel jour on est.",
        "The authority's time zone: it says what day it is."));

    public static readonly Setting Store = new("XRM_STORE", "", Label.Of(
        "La base : vide pour la base embarquée dans le dossier des données, ou litedb:DOSSIER.",
        "The store: empty for the embedded one in the data folder, or litedb:FOLDER.")) { IsSecret = true };

    public static readonly Setting Plugins = new("XRM_PLUGINS", "parties,elus", Label.Of(
        "Les modules livrés à charger, séparés par des virgules ; « all » pour tous.",
        "The bundled plugins to load, separated by commas; \"all\" for all of them."));

    public static readonly Setting Demo = new("XRM_DEMO", "0", Label.Of(
        "1 : démonstration, avec tous les modules et un jeton affiché au démarrage. Jamais pour de vraies données.",
        "1: demonstration, with all plugins and a token printed at the start. Never for real data."));

    public static readonly Setting LogLevel = new("XRM_LOG", "warning", Label.Of(
        "Le niveau du journal sur la sortie d'erreur : debug, information, warning, error, none.",
        "How much is logged to standard error: debug, information, warning, error, none."));

    public static readonly Setting LimitBody = new("XRM_LIMIT_BODY", "1048576", Label.Of(
        "La taille la plus grande d'une requête GraphQL, en octets.", "The largest GraphQL request, in bytes."));

    public static readonly Setting LimitFile = new("XRM_LIMIT_FILE", "25000000", Label.Of(
        "La taille la plus grande d'un fichier joint à une fiche, en octets.", "The largest file in a record, in bytes."));

    public static readonly Setting LimitDepth = new("XRM_LIMIT_DEPTH", "24", Label.Of(
        "La profondeur la plus grande d'une requête GraphQL.", "The greatest depth of a GraphQL request."));

    public static readonly Setting LimitCost = new("XRM_LIMIT_COST", "1000000", Label.Of(
        "Le coût le plus grand d'une requête : combien de fiches elle pourrait toucher.", "The greatest cost of a request: how many things it could touch."));

    public static readonly Setting LimitScan = new("XRM_LIMIT_SCAN", "5000000", Label.Of(
        "Combien d'enregistrements une requête pourrait parcourir au plus.", "How many records a request could look at, at most."));

    public static readonly Setting LimitPage = new("XRM_LIMIT_PAGE", "1000", Label.Of(
        "La page la plus longue qu'on puisse demander.", "The longest page one may ask for."));

    public static readonly Setting LimitBatch = new("XRM_LIMIT_BATCH", "5000", Label.Of(
        "Combien de modifications au plus dans un envoi.", "How many edits a commit may have at most."));

    public static readonly Setting LimitPast = new("XRM_LIMIT_PAST", "100000", Label.Of(
        "Combien de changements on remonte au plus pour lire ce qu'on savait à un instant (asOf).", "How many changes one goes back at most to read what was known at a moment (asOf)."));

    public static readonly Setting LimitSeconds = new("XRM_LIMIT_SECONDS", "15", Label.Of(
        "La durée la plus longue d'une requête, en secondes.", "The longest a request may take, in seconds."));

    public static readonly Setting LimitDocument = new("XRM_LIMIT_DOCUMENT", "102400", Label.Of(
        "La longueur la plus grande d'un document GraphQL, en caractères.", "The greatest length of a GraphQL document, in characters."));

    public static readonly Setting LimitNesting = new("XRM_LIMIT_NESTING", "64", Label.Of(
        "Sur combien de niveaux les parenthèses d'un document peuvent s'imbriquer.", "How deep brackets may nest in a document."));

    public static readonly Setting LimitTokens = new("XRM_LIMIT_TOKENS", "4000", Label.Of(
        "Combien de mots et de signes un document peut avoir.", "How many words and signs a document may have."));

    public static readonly Setting LimitFields = new("XRM_LIMIT_FIELDS", "5000", Label.Of(
        "Combien de champs une requête peut demander, fragments développés.", "How many fields a request may ask for, fragments spread."));

    public static readonly Setting LimitMutations = new("XRM_LIMIT_MUTATIONS", "50", Label.Of(
        "Combien de mutations une requête peut contenir.", "How many mutations a request may have."));

    public static readonly Setting LimitRequests = new("XRM_LIMIT_REQUESTS", "20", Label.Of(
        "Combien de requêtes GraphQL peuvent venir dans un même tableau JSON.", "How many GraphQL requests may come in one JSON array."));

    public static readonly Setting LimitConnections = new("XRM_LIMIT_CONNECTIONS", "200", Label.Of(
        "Combien de connexions qui restent ouvertes (abonnements) un compte peut avoir.", "How many connections that stay open (subscriptions) one account may hold."));

    public static readonly Setting LimitOperations = new("XRM_LIMIT_OPERATIONS", "100", Label.Of(
        "Combien d'opérations, abonnements compris, une telle connexion peut avoir en cours.", "How many operations, subscriptions included, such a connection may have running."));

    public static readonly Setting LimitBehind = new("XRM_LIMIT_BEHIND", "10000", Label.Of(
        "Combien de blocs du journal un abonnement peut prendre de retard.", "How many blocks of the log a subscription may fall behind."));

    public static readonly Setting LimitPatience = new("XRM_LIMIT_PATIENCE", "10", Label.Of(
        "En combien de secondes un abonné doit lire un message.", "In how many seconds a subscriber has to read a message."));

    public static readonly Setting GraphIntrospection = new("XRM_GRAPHQL_INTROSPECTION", "1", Label.Of(
        "1 : tous ceux qui sont connectés lisent le schéma ; 0 : seulement les administrateurs.",
        "1: everybody signed in may read the schema; 0: administrators alone."));

    public static readonly Setting GraphExplorer = new("XRM_GRAPHQL_EXPLORER", "auto", Label.Of(
        "L'explorateur sur /graphql : on, administrators (session ouverte), off ; auto : on en démonstration et en développement, sinon off.",
        "The explorer at /graphql: on, administrators (with a session), off; auto: on in a demonstration and in development, otherwise off."));

    public static readonly Setting GraphDocuments = new("XRM_GRAPHQL_DOCUMENTS", "any", Label.Of(
        "Les documents acceptés : any ; listed : seulement ceux du dossier documents des données ; administrators : listed, sauf pour eux.",
        "The documents that are run: any; listed: only those in the folder documents of the data; administrators: listed, but for them."));

    public static readonly Setting GraphPersisted = new("XRM_GRAPHQL_PERSISTED", "4194304", Label.Of(
        "Combien de caractères de documents sont gardés par leur empreinte (persisted queries) ; 0 : aucun.",
        "How many characters of documents are kept by their hash (automatic persisted queries); 0: none."));

    public static readonly Setting GraphCompress = new("XRM_GRAPHQL_COMPRESS", "2048", Label.Of(
        "À partir de combien d'octets une réponse est comprimée pour qui l'accepte ; 0 : jamais.",
        "From how many bytes an answer is compressed for who accepts it; 0: never."));

    public static readonly Setting Slow = new("XRM_GRAPHQL_SLOW", "1", Label.Of(
        "Une requête GraphQL qui dure autant de secondes est journalisée avec son plan, sans aucune valeur ; 0 : aucune.",
        "A GraphQL query that takes so many seconds is logged with its plan, without any value; 0: none."));

    /// <summary>All there are, in the order people read them.</summary>
    public static readonly ImmutableArray<Setting> All =
    [
        Data, Urls, Zone, Store, Plugins, Demo, LogLevel, LimitBody, LimitFile, LimitDepth, LimitCost, LimitScan, LimitPage, LimitBatch, LimitPast, LimitSeconds,
        LimitDocument, LimitNesting, LimitTokens, LimitFields, LimitMutations, LimitRequests,
        LimitConnections, LimitOperations, LimitBehind, LimitPatience,
        GraphIntrospection, GraphExplorer, GraphDocuments, GraphPersisted, GraphCompress, Slow,
    ];
}

/// <summary>A setting's value and where it comes from.</summary>
/// <param name="Source">The command line, the variable or the file that said it.</param>
internal sealed record SettingValue(Setting Setting, string Value, Label Source);

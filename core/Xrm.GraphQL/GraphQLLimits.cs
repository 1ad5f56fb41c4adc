namespace Xrm.GraphQL;

/// <summary>What one request may ask for. Past one of these it is refused with a Limit error that names the limit and the figure, before anything is read.</summary>
internal sealed record GraphQLLimits
{
    /// <summary>The bytes of a request's body, variables included.</summary>
    public int BodyBytes { get; init; } = 1 << 20;
    /// <summary>The UTF-16 units of a document.</summary>
    public int DocumentLength { get; init; } = 100 * 1024;
    /// <summary>How deep brackets of any kind may nest in a document, before it is parsed.</summary>
    public int Nesting { get; init; } = 64;
    /// <summary>The words and signs of a document; validation takes time with the square of its fields.</summary>
    public int Tokens { get; init; } = 4_000;
    /// <summary>How deep fields may lie in each other, fragments spread.</summary>
    public int Depth { get; init; } = 24;
    /// <summary>The fields of a compiled operation, counted once for each type that they may meet.</summary>
    public int Fields { get; init; } = 5_000;
    /// <summary>What <c>first</c> and <c>last</c> may ask for.</summary>
    public int PageSize { get; init; } = 1_000;
    /// <summary>How many things could be touched: along each path the page sizes multiplied, all paths added.</summary>
    public long Cost { get; init; } = 1_000_000;
    /// <summary>How many records could be looked at: of each list all of its type, unless a key, ids, an index or few relationships lead to fewer; what filters and links touch behind relationships, on the average.</summary>
    public long Scan { get; init; } = 5_000_000;
    /// <summary>How many changes <c>asOf</c> may go back, each block of the log counted as one at least. The fields of one thing alone are told from its own changes, however far back.</summary>
    public int PastChanges { get; init; } = 100_000;
    /// <summary>How many different moments a request may name with <c>asOf</c>.</summary>
    public int Moments { get; init; } = 4;
    /// <summary>How many edits a commit may have.</summary>
    public int Batch { get; init; } = 5_000;
    /// <summary>How many requests may come in one JSON array.</summary>
    public int Requests { get; init; } = 20;
    /// <summary>The UTF-16 units of a text that is searched for.</summary>
    public int SearchLength { get; init; } = 200;
    /// <summary>The words of a text that is searched for.</summary>
    public int SearchWords { get; init; } = 16;
    /// <summary>How many root fields a mutation may have.</summary>
    public int Mutations { get; init; } = 50;
    /// <summary>How long a request may take; one in which an administrator changes plugins or custom fields takes as long as it takes.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(15);
    /// <summary>The UTF-16 units of documents kept compiled, all together, for each model.</summary>
    public int CachedLength { get; init; } = 4 << 20;
    /// <summary>What a connection answers when neither <c>first</c> nor <c>last</c> is given.</summary>
    public int DefaultPage { get; init; } = 50;
    /// <summary>Of clients that stay connected.</summary>
    public StreamLimits Streams { get; init; } = new();
}

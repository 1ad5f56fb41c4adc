using System.Collections.Immutable;

namespace Xrm.Sdk;

/// <summary>A file format that can be imported: <c>xrm import &lt;name&gt; FILE</c>.</summary>
/// <param name="Name">Lower case letters, digits and hyphens: <c>rne</c>.</param>
/// <param name="Label">What people read.</param>
/// <param name="Options">The options that it takes, by name, with what each means.</param>
/// <param name="Read">Reads the file and answers what to do. It writes nothing: the host commits, or with <c>--dry-run</c> does not.</param>
public sealed record ImportFormat(string Name, Label Label, ImmutableDictionary<string, Label> Options, Func<Import, CancellationToken, ValueTask<ImportPlan>> Read);

/// <summary>One run of an import.</summary>
/// <param name="Source">The file's bytes, read once from the start; it may be a pipe.</param>
/// <param name="FileName">What the file is called, without a folder; for messages.</param>
/// <param name="Options">The options given, by name.</param>
/// <param name="Xrm">The data as the importing actor sees it; read only here.</param>
/// <param name="Progress">Told now and then; may be called from any thread.</param>
public sealed record Import(Stream Source, string FileName, ImmutableDictionary<string, string> Options, IXrm Xrm, IProgress<ImportProgress> Progress);

/// <summary>How far an import is.</summary>
/// <param name="Rows">Rows read so far.</param>
/// <param name="What">What is being done now.</param>
public readonly record struct ImportProgress(int Rows, Label What);

/// <summary>What importing a file would do.</summary>
/// <param name="Commit">All of it in one commit; no edits when nothing is different.</param>
/// <param name="Report">What to tell people.</param>
public sealed record ImportPlan(Commit Commit, ImportReport Report);

/// <summary>The difference between a file and the data.</summary>
public sealed record ImportReport
{
    /// <summary>Rows read, refused ones included, header and empty lines not.</summary>
    public int Rows { get; init; }
    /// <summary>What the file brings, by what it is.</summary>
    public ImmutableArray<ImportLine> Lines { get; init; } = [];

    /// <summary>How many lines of a kind there are.</summary>
    public int Count(ImportLineKind kind) => Lines.Count(line => line.Kind == kind);
}

/// <summary>What a row brings.</summary>
public enum ImportLineKind
{
    /// <summary>Something that was not there.</summary>
    New,
    /// <summary>Something that is different.</summary>
    Changed,
    /// <summary>Something that is over.</summary>
    Ended,
    /// <summary>A row that was left out, and why.</summary>
    Refused,
    /// <summary>Something that somebody should look at; the row was taken.</summary>
    Warning,
}

/// <summary>One line of a report.</summary>
/// <param name="Kind">What it brings.</param>
/// <param name="Line">The line in the file, from 1; 0 when it is about no one line.</param>
/// <param name="Message">What is new, changed, ended or wrong. Never a birth date or another P3 value.</param>
public sealed record ImportLine(ImportLineKind Kind, int Line, Label Message);

using System.Collections.Immutable;

namespace Xrm.Sdk;

/// <summary>A file format that can be exported: <c>xrm export &lt;name&gt; FILE</c>.</summary>
/// <param name="Name">Lower case letters, digits and hyphens: <c>vcard</c>; not <c>csv</c> or <c>ndjson</c>.</param>
/// <param name="Label">What people read.</param>
/// <param name="Options">The options that it takes, by name, with what each means.</param>
/// <param name="Write">Writes the file and answers how many things are in it. A file that is not whole is thrown away.</param>
public sealed record ExportFormat(string Name, Label Label, ImmutableDictionary<string, Label> Options, Func<Export, CancellationToken, ValueTask<int>> Write);

/// <summary>One run of an export.</summary>
/// <param name="Target">Where the file goes, written once from the start.</param>
/// <param name="Options">The options given, by name.</param>
/// <param name="Xrm">The data as the exporting actor sees it; read only here.</param>
/// <param name="Progress">Told now and then; may be called from any thread.</param>
public sealed record Export(Stream Target, ImmutableDictionary<string, string> Options, IXrm Xrm, IProgress<ImportProgress> Progress);

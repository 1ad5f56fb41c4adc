using System.Collections.Immutable;
using System.Text;
using Xrm.Core.Running;
using Xrm.Sdk;

namespace Xrm.Testing;

/// <summary>What importing a file did.</summary>
/// <param name="Report">What to tell people.</param>
/// <param name="Commit">All of it in one commit; no edits when nothing was different.</param>
/// <param name="Receipt">What the commit answered; null when there was nothing to do.</param>
public sealed record Imported(ImportReport Report, Commit Commit, Receipt? Receipt);

/// <summary>A file that was exported.</summary>
/// <param name="Bytes">The file.</param>
/// <param name="Count">How many things are in it.</param>
public sealed record Exported(ImmutableArray<byte> Bytes, int Count)
{
    /// <summary>The file as UTF-8 text.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes.AsSpan());
}

/// <summary>Files in the formats that plugins bring, read and written as <c>xrm import</c> and <c>xrm export</c> do.</summary>
public sealed partial class TestXrm
{
    private static readonly Actor Operator = Actor.Of("operator:1000", Role.Administrator);

    /// <summary>Sends a file as <c>POST /files</c> does: whoever sent it may name it in a record for a day.</summary>
    /// <param name="name">As people call it.</param>
    /// <param name="content">What is in it.</param>
    /// <param name="mediaType">What it is said to be; here it is believed.</param>
    /// <param name="roles">Of whoever sends it, as in <see cref="As(ReadOnlySpan{string})"/>; none = an administrator, as in <see cref="Xrm"/>.</param>
    public async Task<FileReference> SendFile(string name, byte[] content, string mediaType = "application/octet-stream", params string[] roles)
    {
        var actor = roles.Length == 0 ? Tester : WithRoles(roles);
        var kept = await _engine.Files.Take(new MemoryStream(content), int.MaxValue, actor.Id, CancellationToken.None);
        return new(kept.Hash, name, mediaType, kept.Size);
    }

    /// <summary>Reads a file and does what it says.</summary>
    /// <param name="format">The format's name.</param>
    /// <param name="file">The file's bytes.</param>
    /// <param name="options">By name; null = none.</param>
    /// <param name="actor">Who imports; null = an administrator at the command line.</param>
    /// <exception cref="Problem">The format or an option is unknown, the file cannot be read, what it says cannot be done, or the plugin did not ask for it.</exception>
    public async Task<Imported> Import(string format, Stream file, IReadOnlyDictionary<string, string>? options = null, Actor? actor = null)
    {
        var plan = await PlanImport(format, file, options, actor);
        if (plan.Commit.Edits.IsEmpty)
            return new(plan.Report, plan.Commit, null);
        return new(plan.Report, plan.Commit, await _engine.CommitMadeReady(plan.Commit, actor ?? Operator, ImportOf(format).Plugin.Attachment, CancellationToken.None));
    }

    /// <summary>The same with a file given as text, in UTF-8.</summary>
    public Task<Imported> Import(string format, string text, IReadOnlyDictionary<string, string>? options = null, Actor? actor = null) =>
        Import(format, new MemoryStream(Encoding.UTF8.GetBytes(text)), options, actor);

    /// <summary>Reads a file and tells what it would do, as <c>--dry-run</c>.</summary>
    public async Task<ImportPlan> PlanImport(string format, Stream file, IReadOnlyDictionary<string, string>? options = null, Actor? actor = null)
    {
        var (plugin, found) = ImportOf(format);
        var given = Options(format, found.Options, options);
        return await found.Read(new Import(file, format + ".txt", given, Granted(plugin, actor), new NoProgress()), CancellationToken.None);
    }

    /// <summary>Writes a file.</summary>
    /// <param name="format">The format's name.</param>
    /// <param name="options">By name; null = none.</param>
    /// <param name="actor">Who exports; null = an administrator at the command line.</param>
    /// <exception cref="Problem">The format or an option is unknown, the file cannot be written, or the plugin did not ask for what it reads.</exception>
    public async Task<Exported> Export(string format, IReadOnlyDictionary<string, string>? options = null, Actor? actor = null)
    {
        var (plugin, found) = Find(format, p => p.Attachment.Hooks.Exports.Handlers, f => f.Name);
        var given = Options(format, found.Options, options);
        using var target = new MemoryStream();
        var count = await found.Write(new Export(target, given, Granted(plugin, actor), new NoProgress()), CancellationToken.None);
        return new([.. target.ToArray()], count);
    }

    private (HostedPlugin Plugin, ImportFormat Format) ImportOf(string format) => Find(format, p => p.Attachment.Hooks.Imports.Handlers, f => f.Name);

    private (HostedPlugin Plugin, T Format) Find<T>(string name, Func<HostedPlugin, ImmutableArray<T>> formats, Func<T, string> nameOf)
    {
        var all = _plugins.SelectMany(p => formats(p).Select(f => (p, f))).ToArray();
        var found = Array.Find(all, f => nameOf(f.f) == name);
        if (found.p is null)
        {
            var there = string.Join(", ", all.Select(f => nameOf(f.f)));
            throw new Problem(ProblemCode.Invalid, Label.Of($"« {name} » n'est pas un format. Il y a : {there}.", $"\"{name}\" is no format. There are: {there}."), "format");
        }
        return found;
    }

    private static ImmutableDictionary<string, string> Options(string format, ImmutableDictionary<string, Label> known, IReadOnlyDictionary<string, string>? given)
    {
        var options = (given ?? ImmutableDictionary<string, string>.Empty).ToImmutableDictionary();
        var unknown = options.Keys.Where(o => !known.ContainsKey(o)).Order(StringComparer.Ordinal).ToArray();
        return unknown.Length == 0 ? options : throw new Problem(unknown.Select(o => new Fault(ProblemCode.Invalid, Label.Of(
            $"Le format {format} ne connaît pas l'option {o}.", $"The format {format} has no option {o}."), o)));
    }

    private GrantedDoor Granted(HostedPlugin plugin, Actor? actor) => new(_engine.As(actor ?? Operator), plugin.Plugin.Id, plugin.Attachment.Granted!, () => _engine.Model);

    private sealed class NoProgress : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) { }
    }
}

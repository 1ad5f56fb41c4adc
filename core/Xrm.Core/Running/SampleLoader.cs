using Xrm.Core.Model;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>Loads the data that plugins invent for a demonstration, commit by commit; what was written before is not written again, so that one that was cut off is completed by the next.</summary>
/// <param name="who">The id under which an author's changes are recorded; the same each time.</param>
/// <param name="at">Told when the next commit is to have been recorded; null at the end.</param>
internal sealed class SampleLoader(Engine engine, int seed, Func<SampleAuthor, string> who, Action<DateTimeOffset?> at)
{
    /// <summary>How far back invented changes go.</summary>
    public const int MostDays = 400;

    /// <summary>Loads what is missing: all of it into an empty store, and where loading had begun once, what is not there of it yet. A plugin that has other data is left alone.</summary>
    /// <returns>How many commits were written.</returns>
    /// <exception cref="Problem">As a commit tells. What a plugin's own code throws comes through as it is.</exception>
    public async ValueTask<int> Load(CancellationToken cancellation)
    {
        try
        {
            var isBegun = IsEmpty(_ => true);
            var written = 0;
            foreach (var attachment in engine.Force.Attachments)
                foreach (var samples in attachment.Hooks.Samples.Handlers)
                    written += await Load(samples, attachment, () => isBegun, () => isBegun = true, cancellation);
            return written;
        }
        finally
        {
            at(null);
        }
    }

    private async ValueTask<int> Load(SampleData samples, Attachment attachment, Func<bool> isBegun, Action begins, CancellationToken cancellation)
    {
        var now = engine.Time.GetUtcNow();
        var (isFirst, written) = (true, 0);
        // Only plans of commits are asked of the plugin; it is seen through as the administrator that its commits are made by.
        var sampling = new Sampling(seed, engine.Today, attachment.Narrow(engine.As(Author(SampleAuthor.Administrator)), () => engine.Model));
        await foreach (var sample in samples.Make(sampling, cancellation).WithCancellation(cancellation))
        {
            var id = sampling.Id($"commit/{attachment.Plugin}/{sample.Name}");
            var isThere = await engine.Knows(id, cancellation);
            if (isThere)
                begins();
            else if (isFirst && !(isBegun() && IsEmpty(t => t.Plugin == attachment.Plugin)))
                return 0;
            isFirst = false;
            if (isThere)
                continue;
            at(now.AddDays(-Math.Clamp(sample.DaysAgo, 0, MostDays)));
            await engine.CommitMadeReady(new Commit(id, sample.Edits), Author(sample.By), attachment, cancellation);
            written++;
        }
        return written;
    }

    private bool IsEmpty(Func<RecordType, bool> which)
    {
        using var reader = engine.ReadWhole(Actor.System);
        return reader.Model.ByName.Values.Where(which).All(t => reader.Count(t) == 0);
    }

    private Actor Author(SampleAuthor author) => Actor.Of(who(author), Role.Administrator);
}

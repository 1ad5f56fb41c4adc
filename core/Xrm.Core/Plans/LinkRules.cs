using Xrm.Core.Model;
using Xrm.Sdk;

namespace Xrm.Core.Plans;

/// <summary>What relationships must obey together: how many at a time, none twice between the same two, none missing that is needed, and what becomes of them when a thing goes.</summary>
internal sealed class LinkRules(PlanContext context, DraftBook book, LinkBook links)
{
    private Dictionary<(ModelEnd End, Guid Thing), List<Draft>>? _pairs;
    private readonly Dictionary<(ModelEnd End, Guid Thing), int> _needed = [];

    public async ValueTask Check(CancellationToken cancellation)
    {
        var gone = book.Drafts.FindAll(d => d is { IsGone: true, Type: ModelType });
        // Grants with a filter may ask for any end, and so do things that go.
        links.TakeNew(all: !context.MayAll || gone.Count > 0);
        if (gone.Count > 0)
        {
            var inForce = gone.Where(d => !d.IsParked).ToArray();
            foreach (var draft in inForce)
                foreach (var end in ((ModelType)draft.Type).Ends)
                    links.Want(end, draft.Id);
            await links.Read(cancellation);
            Delete(inForce);
            await new ParkedLinks(context, links).Release(gone, cancellation);
        }
        foreach (var draft in book.Drafts)
            if (draft.Type is ModelType type)
                Needs(draft, type);
            else
                Wants(draft, (ModelRelationship)draft.Type);
        await links.Read(cancellation);
        foreach (var (end, thing) in links.Several)
            if (end.IsToOne && Stays(thing))
                OneAtATime(end, thing);
        if (_pairs is not null)
            foreach (var ((end, thing), touched) in _pairs)
                if (links.HasSeveral(end, thing))
                    NoneTwice(end, thing, touched);
        foreach (var ((end, thing), edit) in _needed)
            if (!links.At(end, thing).Any(l => !l.Period.IsEmpty))
                context.Faults.Invalid(edit, end.Name, "required", $"« {end.Label.Fr} » est obligatoire.", $"\"{end.Label.En}\" is required.");
    }

    /// <summary>What becomes of the relationships of things that go: what takes them away comes first, then what ends them, then what stands in the way.</summary>
    private void Delete(Draft[] gone)
    {
        foreach (var then in (Then[])[Then.Delete, Then.End, Then.Restrict])
            foreach (var draft in gone)
                foreach (var end in ((ModelType)draft.Type).Ends)
                    if (end.OnDelete == then)
                        foreach (var link in links.At(end, draft.Id).ToArray())
                            Delete(draft, end, link, then);
    }

    private void Delete(Draft thing, ModelEnd end, Draft link, Then then)
    {
        var runs = Runs(link, end.Relationship, context.Today);
        if (link.IsNew)
            context.Faults.NotFound(link.Edit, end.IsSource ? "source" : "target", thing.Type, thing.Id);
        else if (then == Then.Delete || then == Then.End && !end.Relationship.IsDated)
        {
            links.Touch(link, thing.Edit);
            link.IsGone = true;
        }
        else if (then == Then.End && runs)
        {
            links.Touch(link, thing.Edit);
            End(link, context.Today);
        }
        else if (then == Then.Restrict && runs)
        {
            Notices.Restricted(context.Logger, context.Actor.Id, thing.Type.Name, thing.Id, end.Name);
            context.Faults.Taken(thing.Edit, end.Name, "restrict",
                $"La suppression n'est pas disponible : des relations « {end.Label.Fr} » durent encore.", $"Deleting is not available: relationships \"{end.Label.En}\" still hold.");
        }
    }

    /// <summary>Whether a relationship holds on a day or is still to come.</summary>
    public static bool Runs(Draft link, ModelRelationship type, DateOnly day) => !type.IsDated || !link.Period.IsEmpty && !(link.Period.To <= day);

    /// <summary>Ends a dated one on a day; one that begins later gets an empty period.</summary>
    public static void End(Draft link, DateOnly day) => link.Period = link.Period with { To = link.Period.From > day ? link.Period.From : day };

    private void Needs(Draft draft, ModelType type)
    {
        if (!draft.IsNew || draft.IsGone)
            return;
        foreach (var end in type.Ends)
            if (end.IsRequired)
                _needed.TryAdd((end, draft.Id), draft.Edit);
    }

    private void Wants(Draft draft, ModelRelationship type)
    {
        if (draft.IsParked || !draft.IsNew && !draft.IsGone && !draft.ChangesPeriod)
            return;
        var adds = !draft.IsGone && !draft.Period.IsEmpty;
        Wants(draft, type.Source, draft.Source, adds);
        Wants(draft, type.Target, draft.Target, adds);
        // Where one at a time is allowed, two between the same pair are two at a time.
        if (!adds || !LinkBook.IsPaired(type))
            return;
        // The pair is looked at from the end where least is to be read.
        var fromTarget = book.WasThere(draft.Source) && !book.WasThere(draft.Target);
        var (end, thing) = fromTarget ? (type.Target, draft.Target) : (type.Source, draft.Source);
        links.Want(end, thing);
        if (!(_pairs ??= []).TryGetValue((end, thing), out var touched))
            _pairs.Add((end, thing), touched = new(1));
        touched.Add(draft);
    }

    private void Wants(Draft draft, ModelEnd end, Guid thing, bool adds)
    {
        if (!(adds ? end.IsToOne : end.IsRequired) || !Stays(thing))
            return;
        links.Want(end, thing);
        if (!adds)
            _needed.TryAdd((end, thing), draft.Edit);
    }

    /// <summary>Whether the commit makes it, or changes when it holds, so that it holds on some day.</summary>
    private bool IsAdded(Draft link) => book.Touched(link.Id) == link && !link.IsParked && !link.IsGone && (link.IsNew || link.ChangesPeriod) && !link.Period.IsEmpty;

    private bool Stays(Guid thing) => book.TouchedThing(thing) is not { IsGone: true };

    private void OneAtATime(ModelEnd end, Guid thing)
    {
        var there = links.At(end, thing).ToArray();
        foreach (var (link, other) in Overlaps(there, [.. there.Where(IsAdded)]))
            context.Faults.Invalid(link.Edit, Named(end, link), "one",
                $"« {end.Label.Fr} » : une seule relation à la fois ; une autre vaut déjà {Days(other.Period).Fr}.",
                $"\"{end.Label.En}\": one relationship at a time; another already holds {Days(other.Period).En}.");
    }

    private void NoneTwice(ModelEnd end, Guid thing, List<Draft> touched)
    {
        var all = links.At(end, thing).ToLookup(l => Other(l, thing));
        foreach (var group in touched.GroupBy(l => Other(l, thing)))
        {
            foreach (var (link, other) in Overlaps(all[group.Key], [.. group]))
                context.Faults.Invalid(link.Edit, null, "CORE-R01",
                    $"Ces deux fiches sont déjà reliées par {end.Relationship.Name} {Days(other.Period).Fr}.",
                    $"These two things are already related by {end.Relationship.Name} {Days(other.Period).En}.");
        }
    }

    private static Guid Other(Draft link, Guid thing) => link.Source == thing ? link.Target : link.Source;

    /// <summary>Of relationships in the order of their starts, each touched one that meets another, with that other.</summary>
    private static IEnumerable<(Draft Link, Draft Other)> Overlaps(IEnumerable<Draft> all, List<Draft> touched)
    {
        var sorted = all.Where(l => !l.Period.IsEmpty).OrderBy(l => l.Period.From ?? DateOnly.MinValue).ThenBy(l => l.Id).ToArray();
        if (sorted.Length < 2)
            yield break;
        var changed = touched.ToHashSet();
        var longest = sorted[0];
        for (var i = 1; i < sorted.Length; i++)
        {
            var link = sorted[i];
            if (link.Period.Overlaps(longest.Period))
            {
                if (changed.Contains(link))
                    yield return (link, longest);
                else if (changed.Contains(longest))
                    yield return (longest, link);
            }
            if (longest.Period.To is { } to && !(link.Period.To <= to))
                longest = link;
        }
    }

    private static string Named(ModelEnd end, Draft link) => link.IsNew ? end.Name : "validFrom";

    private static Label Days(Period period) => (period.From, period.To) switch
    {
        (null, null) => Label.Of("sans limite de temps", "without limit in time"),
        ({ } from, null) => Label.Of($"depuis le {from:O}", $"from {from:O}"),
        (null, { } to) => Label.Of($"jusqu'au {to:O} exclu", $"until {to:O}, exclusive"),
        ({ } from, { } to) => Label.Of($"du {from:O} au {to:O} exclu", $"from {from:O} until {to:O}, exclusive"),
    };
}

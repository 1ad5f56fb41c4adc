using System.Collections.Concurrent;
using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Sdk;

namespace Xrm.Core.Access;

/// <summary>A model as the holder of some roles may use it on one day. Made once for each set of roles and kept with the model.</summary>
/// <remarks>Of the past, each question of the grants is asked of what a record was and of what it is: the same questions with the same bits, each holding where both do.</remarks>
internal sealed class AccessView
{
    /// <summary>By the ordinals of types.</summary>
    private readonly TypeRights?[] _rights;

    public AccessView(CompiledModel model, DateOnly today, IReadOnlyList<string> roles, bool seesHidden, bool isPast = false)
    {
        Rules = new(this);
        var binder = new Binder(model, today);
        var isAdministrator = roles.Contains(Role.Administrator);
        var grants = roles.Where(model.Roles.ContainsKey).Distinct().SelectMany(r => model.Roles[r].Grants).ToLookup(g => g.Type, StringComparer.Ordinal);
        _rights = new TypeRights[model.ByName.Values.Select(t => t.Ordinal).Append(0).Max() + 1];
        foreach (var type in model.ByName.Values)
            _rights[type.Ordinal] = isAdministrator
                ? TypeRights.All(type, seesHidden)
                : new(type, grants[type.Name], f => ThenAndNow(StandingQuestion.Of(binder.Bind(f, type, null), type)), seesHidden);
        SeesAll = isAdministrator;
        AllThings = Things(model);
        SeesEverything = isAdministrator && (seesHidden || !model.ByName.Values.Any(t => t.Fields.Any(f => f.Description.IsHidden)));

        Predicate ThenAndNow(Predicate question) => isPast ? new Predicate.And([question, new Predicate.Now(question)]) : question;
    }

    public AccessRules Rules { get; }

    /// <summary>Whether every record is seen and may be changed.</summary>
    public bool SeesAll { get; }

    /// <summary>Whether every field of every record is seen.</summary>
    public bool SeesEverything { get; }

    /// <summary>The things of all types, with the questions of each, for steps that find things by id.</summary>
    public ImmutableArray<TypeView> AllThings { get; }

    /// <summary>The same of another model.</summary>
    public ImmutableArray<TypeView> Things(CompiledModel model) => [.. model.Types.Select(t => new TypeView(t, null, SeesAll ? [] : Of(t).Questions))];

    public TypeRights Of(RecordType type) =>
        type.Ordinal < _rights.Length && _rights[type.Ordinal] is { } rights && rights.Type == type ? rights : new TypeRights(type, [], _ => Predicate.False, false);
}

/// <summary>The views on one model that were asked for so far.</summary>
internal sealed class AccessViews(CompiledModel model)
{
    private readonly ConcurrentDictionary<(string Roles, bool SeesHidden, DateOnly Today, bool IsPast), AccessView> _views = new();
    private volatile Last? _last;

    public AccessView For(Actor actor, DateOnly today, bool isPast = false)
    {
        // The requests of one client come one behind the other, from the same actor.
        if (_last is { } last && ReferenceEquals(last.Actor, actor) && last.Today == today && last.IsPast == isPast)
            return last.View;
        var found = Find(actor, today, isPast);
        _last = new(actor, today, isPast, found);
        return found;
    }

    private AccessView Find(Actor actor, DateOnly today, bool isPast)
    {
        // Hidden fields are for matching by code alone: no person sees them, whatever their role.
        var seesHidden = ReferenceEquals(actor, Actor.System) || actor.Id == Actor.System.Id || actor.Id.StartsWith("plugin:", StringComparison.Ordinal);
        var key = (actor.Roles is [var one] ? one : string.Join('\n', actor.Roles.Order(StringComparer.Ordinal)), seesHidden, today, isPast);
        if (_views.TryGetValue(key, out var view))
            return view;
        // Yesterday's views and those of roles that come and go are dropped now and then.
        if (_views.Count > 256)
            _views.Clear();
        return _views.GetOrAdd(key, _ => new AccessView(model, today, actor.Roles, seesHidden, isPast));
    }

    private sealed record Last(Actor Actor, DateOnly Today, bool IsPast, AccessView View);
}

using System.Collections.Immutable;
using Xrm.Sdk;
using Xrm.Staff.Door;
using Xrm.Staff.Fields;
using Xrm.Staff.Model;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Forms;

/// <summary>What a form holds of the to-one ends of a thing: what is chosen, and of one that is there already what stood there when it was read.</summary>
public sealed class FormEnds
{
    private readonly StaffModel _model;
    private readonly Language _language;
    private readonly Dictionary<string, Relationship?> _were = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Label> _contested = new(StringComparer.Ordinal);

    /// <param name="thing">Null = a new one.</param>
    internal FormEnds(ModelType type, StaffModel model, Language language, Entity? thing)
    {
        (_model, _language) = (model, language);
        Offered = [.. type.Ends.Where(e => e.IsToOne && !e.Far.IsEmpty && (thing is null || thing.Related.ContainsKey(e.Name) && MayChange(e)))];
        if (thing is null)
            return;
        foreach (var end in Offered)
            Stand(end, Now(thing, end));
    }

    private FormEnds(StaffModel model, Language language) => (_model, _language, Offered) = (model, language, []);

    /// <summary>None: of a form of a few fields.</summary>
    internal static FormEnds None(StaffModel model, Language language) => new(model, language);

    /// <summary>Those that can be filled in here.</summary>
    public ImmutableArray<ModelEnd> Offered { get; }

    /// <summary>What is chosen, by the end's name.</summary>
    public Dictionary<string, Hit> Chosen { get; } = new(StringComparer.Ordinal);

    /// <summary>What is wrong, by the end's name.</summary>
    public Dictionary<string, Label> Faults { get; } = new(StringComparer.Ordinal);

    /// <summary>Those where something else is chosen than stood there.</summary>
    public IEnumerable<ModelEnd> Changed => Offered.Where(IsChanged);

    public void Choose(ModelEnd end, Hit? hit)
    {
        if (hit is null)
            Chosen.Remove(end.Name);
        else
            Chosen[end.Name] = hit;
        Faults.Remove(end.Name);
    }

    /// <summary>Looks at what is chosen. What somebody else chose meanwhile is told once.</summary>
    /// <param name="besides">The name of an end that is related otherwise.</param>
    public void Check(string? besides)
    {
        Faults.Clear();
        foreach (var end in Offered)
            if (end.IsRequired && !Chosen.ContainsKey(end.Name) && end.Name != besides)
                Faults[end.Name] = FieldCheck.Missing;
        foreach (var (name, label) in _contested)
            Faults[name] = label;
        _contested.Clear();
    }

    /// <summary>What is to be sent for a thing that is there: what stood at an end goes and what is chosen comes. From today on where it has dates.</summary>
    public IEnumerable<(ModelEnd End, Edit Edit)> Edits(EntityId thing, DateOnly today)
    {
        foreach (var end in Changed)
        {
            var isDated = _model.RelationshipsByName[end.Relationship].IsDated;
            // What would end before it began was never true.
            if (_were.GetValueOrDefault(end.Name) is { } before)
                yield return (end, isDated && !(before.Period.From >= today) ? new Edit.End(before.Type, before.Id, before.Version, today) : new Edit.Unrelate(before.Type, before.Id, before.Version));
            if (Chosen.GetValueOrDefault(end.Name) is { } other)
                yield return (end, new Edit.Relate(end.Relationship, EntityId.New(), end.IsSource ? thing : other.Id, end.IsSource ? other.Id : thing, isDated ? new Period(today, null) : Period.Always, Values.None));
        }
    }

    /// <summary>Goes on from the thing as it is now. Where somebody else chose something else meanwhile, that stands, and <see cref="Check"/> tells it.</summary>
    public void Rebase(Entity now)
    {
        foreach (var end in Offered)
        {
            if (!now.Related.ContainsKey(end.Name))
                continue;
            var (link, was, mine) = (Now(now, end), _were.GetValueOrDefault(end.Name), Chosen.GetValueOrDefault(end.Name));
            var isContested = IsChanged(end) && link?.Other?.Id != mine?.Id && (link?.Id, link?.Version) != (was?.Id, was?.Version);
            if (IsChanged(end) && !isContested)
            {
                _were[end.Name] = link;
                continue;
            }
            if (isContested)
                _contested[end.Name] = mine is null
                    ? Label.Of("Quelqu'un d'autre vient de changer cette relation. Vous vouliez la retirer.", "Somebody else has just changed this relationship. You wanted to remove it.")
                    : Label.Of($"Quelqu'un d'autre vient de changer cette relation. Vous aviez choisi « {mine.DisplayName} ».", $"Somebody else has just changed this relationship. You had chosen \"{mine.DisplayName}\".");
            Stand(end, link);
        }
    }

    /// <summary>Whether somebody else changed what is changed here.</summary>
    public bool IsContested => _contested.Count > 0;

    private bool IsChanged(ModelEnd end) => Chosen.GetValueOrDefault(end.Name)?.Id != _were.GetValueOrDefault(end.Name)?.Other?.Id;

    private void Stand(ModelEnd end, Relationship? link)
    {
        _were[end.Name] = link;
        if (link?.Other is { } other)
            Chosen[end.Name] = new(other.Type, other.Id, Naming.Of(_model, _language, other));
        else
            Chosen.Remove(end.Name);
    }

    private Relationship? Now(Entity thing, ModelEnd end) => thing.Related[end.Name].FirstOrDefault(l => l.Period.Contains(_language.Today));

    // One that has fields of its own that must be filled in is changed on the thing's page.
    private bool MayChange(ModelEnd end) =>
        _model.RelationshipsByName[end.Relationship] is { CanCreate: true } relationship && (relationship.IsDated ? relationship.CanUpdate : relationship.CanDelete)
        && !relationship.Fields.Any(f => f is { IsRequired: true, Default: null });
}

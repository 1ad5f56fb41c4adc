using System.Collections.Immutable;
using Xrm.Sdk;
using Xrm.Staff.Door;
using Xrm.Staff.Fields;
using Xrm.Staff.Model;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Forms;

/// <summary>What a form holds: a new thing, or changes of one as it was read.</summary>
public sealed class FormState
{
    public const string First = "validFrom", Last = "validTo";

    private static readonly Label FromLabel = Label.Of("Du", "From"), ToLabel = Label.Of("Au (dernier jour)", "To (last day)");

    /// <param name="thing">The thing as it was read; null = a new one.</param>
    /// <param name="fields">Only these fields; null = all that can be written.</param>
    internal FormState(ModelType type, StaffModel model, Language language, Entity? thing, IEnumerable<string>? fields = null)
    {
        (Type, Thing, Id) = (type, thing, thing?.Id ?? EntityId.New());
        Ends = fields is null ? new(type, model, language, thing) : FormEnds.None(model, language);
        Entries = [.. Fields(type).Where(f => fields is null || fields.Contains(f.Name))
            .Select(f => new Entry(f, model, language, thing is null ? Start(f) : Inclusive(f.Name, ValueOf(thing, f.Name))))];
    }

    public ModelType Type { get; }

    /// <summary>The thing as it was read last; null while it is new.</summary>
    public Entity? Thing { get; private set; }

    /// <summary>Of each edit of the commit that was made last the end that it is about; null where it is about the thing itself.</summary>
    private ImmutableArray<string?> _ends = [];

    /// <summary>Its id; of a new one the id that it will have.</summary>
    public EntityId Id { get; private set; }

    public ImmutableArray<Entry> Entries { get; }

    /// <summary>Its to-one ends.</summary>
    public FormEnds Ends { get; }

    /// <summary>To what a new thing is related besides, at a to-many end; null = nothing.</summary>
    public (ModelEnd End, Hit Other)? Related { get; set; }

    /// <summary>What is wrong with the whole.</summary>
    public ImmutableArray<Label> Faults { get; set; } = [];

    /// <summary>The move of its state that the change is; null = none.</summary>
    public Move? Move { get; init; }

    /// <summary>The commit that was sent and not answered; null when none is.</summary>
    public Commit? Unanswered { get; set; }

    /// <summary>Whether something was typed or chosen that is not saved.</summary>
    public bool IsChanged => Entries.Any(e => e.IsChanged) || Ends.Changed.Any();

    public bool HasFaults => !Faults.IsEmpty || Ends.Faults.Count > 0 || Entries.Any(e => !e.Faults.IsEmpty);

    public Entry? Entry(string field) => Entries.FirstOrDefault(e => e.Field.Name == field);

    /// <summary>Looks at all that was typed; whether it can be sent.</summary>
    public bool Check()
    {
        Faults = [];
        foreach (var entry in Entries)
        {
            entry.Check(isFinal: true);
            if (entry.Faults.IsEmpty && Move is { } move && move.Needs.Contains(entry.Field.Name) && entry.Value(out _) is null)
                entry.Faults = [FieldCheck.Missing];
        }
        Ends.Check(Related?.End.Name);
        if (Entry(First)?.Value(out _) is DateOnly first && Entry(Last) is { Faults.IsEmpty: true } last && last.Value(out _) is DateOnly until && until < first)
            last.Faults = [Label.Of("Le dernier jour précède le premier.", "The last day comes before the first.")];
        return !HasFaults;
    }

    /// <summary>What is to be sent; null when nothing changed.</summary>
    /// <param name="today">From when something new is related where that has dates.</param>
    public Commit? Commit(DateOnly today, StaffModel model)
    {
        var values = Values.None;
        foreach (var entry in Entries)
            if (entry.IsChanged || Thing is null && entry.Value(out _) is not null)
                values = values.With(entry.Field.Name, Exclusive(entry.Field.Name, entry.Value(out _)));
        if (Thing is { } thing)
        {
            Edit[] own = values.Count == 0 && Move is null ? [] : [new Edit.Update(Type.Name, thing.Id, thing.Version, values) { Move = Move?.Name }];
            var links = Ends.Edits(thing.Id, today).ToArray();
            _ends = [.. own.Select(_ => (string?)null), .. links.Select(l => l.End.Name)];
            return _ends.IsEmpty ? null : new Commit(EntityId.New(), [.. own, .. links.Select(l => l.Edit)]);
        }
        foreach (var (end, other) in Ends.Chosen)
            values = values.With(end, other.Id);
        var commit = new Commit(EntityId.New(), [new Edit.Create(Type.Name, Id, values)]);
        if (Related is not var (of, hit))
            return commit;
        var period = model.RelationshipsByName[of.Relationship].IsDated ? new Period(today, null) : Period.Always;
        return commit.And(of.IsSource
            ? new Edit.Relate(of.Relationship, EntityId.New(), Id, hit.Id, period, Values.None)
            : new Edit.Relate(of.Relationship, EntityId.New(), hit.Id, Id, period, Values.None));
    }

    /// <summary>Takes the faults that the server told, each to its field.</summary>
    public void Take(Problem problem)
    {
        var others = ImmutableArray.CreateBuilder<Label>();
        foreach (var fault in problem.Faults)
        {
            var field = fault.Field?.Split('.', '[')[0];
            if (field is not null && Entry(field) is { } entry)
                entry.Faults = entry.Faults.Add(fault.Message);
            else if (field is not null && Ends.Offered.Any(e => e.Name == field))
                Ends.Faults[field] = fault.Message;
            else if (fault.Edit is { } at && at < _ends.Length && _ends[at] is { } end)
                Ends.Faults[end] = fault.Message;
            else
                others.Add(fault.Message);
        }
        Faults = others.ToImmutable();
    }

    /// <summary>Goes on from the thing as it is now. What was typed stays; a field that was not touched takes its new value.</summary>
    public void Rebase(Entity now)
    {
        foreach (var entry in Entries)
        {
            var theirs = Inclusive(entry.Field.Name, ValueOf(now, entry.Field.Name));
            var isMine = entry.IsChanged;
            entry.Rest(theirs);
            if (!isMine)
                entry.Put(theirs);
        }
        Ends.Rebase(now);
        (Thing, Id) = (now, now.Id);
    }

    /// <summary>Follows a thing that changed while somebody types, unless the same field did: that is told when it is saved.</summary>
    /// <returns>Whether it now goes on from there.</returns>
    public bool Follow(Entity now)
    {
        if (Thing is null || now.Version <= Thing.Version)
            return true;
        if (Entries.Any(e => e.IsChanged && !Forms.Entry.Same(e.Was, Inclusive(e.Field.Name, ValueOf(now, e.Field.Name)))))
            return false;
        Rebase(now);
        return true;
    }

    /// <summary>Goes on as it was when it was kept.</summary>
    /// <param name="version">The version that was read then; null of a new thing.</param>
    /// <param name="isSent">Whether it may be there already under its id.</param>
    public void Resume(EntityId id, int? version, bool isSent)
    {
        if (Thing is { } thing && version is { } read && read < thing.Version)
            Thing = new Entity(thing.Type, thing.Id, read, thing.CreatedAt, thing.UpdatedAt, thing.Period, thing.DisplayName, thing.Values, thing.Related);
        else if (Thing is null)
            (Id, MayBeThere) = (id, isSent);
    }

    /// <summary>Whether a new thing may be there already: it was sent before the page was loaded again, and the answer is not known.</summary>
    public bool MayBeThere { get; private set; }

    /// <summary>A field of a thing as a form shows it: of a period the last day instead of the first that is no more in it.</summary>
    public static object? Shown(Entity thing, string field) => Inclusive(field, ValueOf(thing, field));

    private static object? ValueOf(Entity thing, string field) => field switch
    {
        First => thing.Period.From,
        Last => thing.Period.To,
        _ => thing.Values.TryGet(field, out var value) ? value : null,
    };

    private static object? Inclusive(string field, object? value) => field == Last && value is DateOnly end ? end.AddDays(-1) : value;

    private static object? Exclusive(string field, object? value) => field == Last && value is DateOnly last ? last.AddDays(1) : value;

    private static object? Start(ModelField field) => field.Default ?? (field is { Type: "boolean", IsRequired: true, IsMany: false } ? false : null);

    private static IEnumerable<ModelField> Fields(ModelType type) =>
    [
        .. type.Fields.Where(f => f is { IsComputed: false, CanWrite: true, Moves.IsEmpty: true } && f.Type != "state"),
        .. type.IsDated ? (ModelField[])[new(First, FromLabel, "date", Shape.Date) { Group = PeriodLabel }, new(Last, ToLabel, "date", Shape.Date) { Group = PeriodLabel }] : [],
    ];

    private static readonly Label PeriodLabel = Label.Of("Période", "Period");
}

using System.Collections.Immutable;

namespace Xrm.Sdk;

/// <summary>What to do when the thing changed since the caller read it.</summary>
public enum OnConflict
{
    /// <summary>Refuse, and tell base, theirs and yours.</summary>
    Fail,
    /// <summary>Go on when the fields changed meanwhile are others; otherwise refuse.</summary>
    Merge,
    /// <summary>Write over whatever is there.</summary>
    Overwrite,
}

/// <summary>An atomic set of edits: all of them are done, or none.</summary>
/// <param name="Id">Chosen by whoever asks. The same id sent again answers what the first answered and changes nothing.</param>
/// <param name="Edits">In order; a later one may name what an earlier one makes.</param>
public sealed record Commit(EntityId Id, ImmutableList<Edit> Edits)
{
    /// <summary>What to do about changes made meanwhile by others.</summary>
    public OnConflict OnConflict { get; init; }

    /// <summary>A commit with a new id and no edits yet.</summary>
    public static Commit New() => new(EntityId.New(), []);

    /// <summary>This commit and one more edit.</summary>
    public Commit And(Edit edit) => this with { Edits = Edits.Add(edit) };

    /// <summary>Makes an entity with a new id.</summary>
    public Commit Create(EntityType type, Values values) => Create(type, EntityId.New(), values);

    /// <summary>Makes an entity with a given id.</summary>
    public Commit Create(EntityType type, EntityId id, Values values) => And(new Edit.Create(type.Name, id, values));

    /// <summary>Sets one field of an entity as it was read.</summary>
    public Commit Change<T>(Entity entity, Field<T> field, T? value) =>
        And(new Edit.Update(entity.Type, entity.Id, entity.Version, Values.None.With(field, value)));

    /// <summary>Sets fields of an entity as it was read.</summary>
    public Commit Change(Entity entity, Values values) => And(new Edit.Update(entity.Type, entity.Id, entity.Version, values));

    /// <summary>Deletes an entity as it was read.</summary>
    public Commit Delete(Entity entity) => And(new Edit.Delete(entity.Type, entity.Id, entity.Version));

    /// <summary>Relates two entities, from a day (inclusive) to a day (exclusive); null leaves that side open.</summary>
    public Commit Relate(EntityId source, RelationshipType type, EntityId target, DateOnly? from = null, DateOnly? to = null, Values? values = null) =>
        And(new Edit.Relate(type.Name, EntityId.New(), source, target, new Period(from, to), values ?? Values.None));

    /// <summary>Ends a relationship as it was read: it holds no more from that day on.</summary>
    public Commit End(Relationship relationship, DateOnly on) =>
        And(new Edit.End(relationship.Type, relationship.Id, relationship.Version, on));

    /// <summary>Takes a relationship away as if it had been a mistake.</summary>
    public Commit Unrelate(Relationship relationship) =>
        And(new Edit.Unrelate(relationship.Type, relationship.Id, relationship.Version));
}

/// <summary>What a commit answered.</summary>
/// <param name="Id">The commit's id.</param>
/// <param name="Cursor">Its place in the log, to read on from.</param>
/// <param name="At">When it was recorded, UTC.</param>
/// <param name="Actor">The id of the actor.</param>
/// <param name="Written">What it changed, in the order of the log; empty when nothing was different.</param>
/// <param name="IsReplay">Whether the same commit had been recorded before and this is its answer once more.</param>
public sealed record Receipt(EntityId Id, Cursor Cursor, DateTimeOffset At, string Actor, ImmutableArray<Written> Written, bool IsReplay);

/// <summary>One thing that a commit changed.</summary>
/// <param name="Kind">What was done.</param>
/// <param name="Type">The name of its entity or relationship type.</param>
/// <param name="Id">Which.</param>
/// <param name="Version">Its version afterwards.</param>
public readonly record struct Written(ChangeKind Kind, string Type, EntityId Id, int Version);

namespace Xrm.Sdk;

/// <summary>One thing that a commit does. The cases below are all there are.</summary>
public abstract record Edit
{
    private Edit() { }

    /// <summary>Makes an entity.</summary>
    /// <param name="Type">The entity type's name.</param>
    /// <param name="Id">Its id, new in the whole store.</param>
    /// <param name="Values">Its fields. To-one ends may be named too, with an <see cref="EntityId"/>: they are related in the same commit.</param>
    public sealed record Create(string Type, EntityId Id, Values Values) : Edit;

    /// <summary>Changes fields of an entity.</summary>
    /// <param name="Type">The entity type's name.</param>
    /// <param name="Id">Which.</param>
    /// <param name="ExpectedVersion">The version that the change was made on; null only with <see cref="OnConflict.Overwrite"/>.</param>
    /// <param name="Values">The fields to set; null empties one. <c>validFrom</c> and <c>validTo</c> are fields of a dated type.</param>
    public sealed record Update(string Type, EntityId Id, int? ExpectedVersion, Values Values) : Edit
    {
        /// <summary>The state move that this update is (<c>resolve</c>); null when it is none.</summary>
        public string? Move { get; init; }
    }

    /// <summary>Deletes an entity; what happens to its relationships is their types' rule.</summary>
    /// <param name="Type">The entity type's name.</param>
    /// <param name="Id">Which.</param>
    /// <param name="ExpectedVersion">The version seen; null only with <see cref="OnConflict.Overwrite"/>.</param>
    public sealed record Delete(string Type, EntityId Id, int? ExpectedVersion) : Edit;

    /// <summary>Relates two entities, which may be made in the same commit.</summary>
    /// <param name="Type">The relationship type's name.</param>
    /// <param name="Id">Its id, new in the whole store.</param>
    /// <param name="Source">The entity it goes out from.</param>
    /// <param name="Target">The entity it goes to.</param>
    /// <param name="Period">When it is true; <see cref="Period.Always"/> for a type that is not dated.</param>
    /// <param name="Values">Its own fields.</param>
    public sealed record Relate(string Type, EntityId Id, EntityId Source, EntityId Target, Period Period, Values Values) : Edit;

    /// <summary>Changes fields or the period of a relationship.</summary>
    /// <param name="Type">The relationship type's name.</param>
    /// <param name="Id">Which.</param>
    /// <param name="ExpectedVersion">The version seen; null only with <see cref="OnConflict.Overwrite"/>.</param>
    /// <param name="Values">The fields to set; <c>validFrom</c> and <c>validTo</c> are fields of a dated type.</param>
    public sealed record Change(string Type, EntityId Id, int? ExpectedVersion, Values Values) : Edit;

    /// <summary>Ends a dated relationship: it is true no more from that day on.</summary>
    /// <param name="Type">The relationship type's name.</param>
    /// <param name="Id">Which.</param>
    /// <param name="ExpectedVersion">The version seen; null only with <see cref="OnConflict.Overwrite"/>.</param>
    /// <param name="On">The first day on which it no longer holds.</param>
    public sealed record End(string Type, EntityId Id, int? ExpectedVersion, DateOnly On) : Edit;

    /// <summary>Takes a relationship away as if it had been a mistake; it stays in history.</summary>
    /// <param name="Type">The relationship type's name.</param>
    /// <param name="Id">Which.</param>
    /// <param name="ExpectedVersion">The version seen; null only with <see cref="OnConflict.Overwrite"/>.</param>
    public sealed record Unrelate(string Type, EntityId Id, int? ExpectedVersion) : Edit;
}

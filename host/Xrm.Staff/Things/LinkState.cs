using System.Collections.Immutable;
using Xrm.Sdk;
using Xrm.Staff.Forms;
using Xrm.Staff.Model;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Things;

/// <summary>What a form of a relationship holds: its period as people say it, with the last day, and its own fields.</summary>
internal sealed class LinkState
{
    private const string First = "validFrom", Last = "validTo";

    /// <param name="link">As it was read; null = a new one.</param>
    /// <param name="today">From when a new one holds unless another day is given.</param>
    public LinkState(ModelRelationship relationship, StaffModel model, Language language, Relationship? link, DateOnly today)
    {
        (ModelField, object?)[] period = relationship.IsDated
            ?
            [
                (new(First, Label.Of("Du", "From"), "date", Shape.Date), link is null ? today : link.Period.From),
                (new(Last, Label.Of("Au (dernier jour)", "To (last day)"), "date", Shape.Date), link?.Period.To?.AddDays(-1)),
            ]
            : [];
        Entries =
        [
            .. from field in period select new Entry(field.Item1, model, language, field.Item2),
            .. from field in relationship.Fields where field is { CanWrite: true, IsComputed: false } select new Entry(field, model, language, Value(link, field)),
        ];
    }

    public ImmutableArray<Entry> Entries { get; }

    /// <summary>Whether something means something else than it did when it was read.</summary>
    public bool IsChanged => Entries.Any(e => e.IsChanged);

    /// <summary>Looks at all that was typed; whether it can be sent.</summary>
    public bool Check()
    {
        foreach (var entry in Entries)
            entry.Check(isFinal: true);
        var faultless = Entries.All(e => e.Faults.IsEmpty);
        if (!faultless || Period() is not { From: { } from, To: { } to } || to > from)
            return faultless;
        Entries.First(e => e.Field.Name == Last).Faults = [Label.Of("Le dernier jour précède le premier.", "The last day comes before the first.")];
        return false;
    }

    /// <summary>The period that was typed.</summary>
    public Period Period() => new(Day(First), Day(Last)?.AddDays(1));

    /// <summary>What was typed: of a new one all its own fields, else what is different, the period among them.</summary>
    public Values Values(bool isNew)
    {
        var values = Sdk.Values.None;
        foreach (var entry in Entries)
            if (isNew ? entry.Field.Name is not (First or Last) && entry.Value(out _) is not null : entry.IsChanged)
                values = values.With(entry.Field.Name, entry is { Field.Name: Last } && entry.Value(out _) is DateOnly last ? last.AddDays(1) : entry.Value(out _));
        return values;
    }

    /// <summary>Takes what the server says is wrong to the fields it is about.</summary>
    /// <returns>What is about none of them; null when there is nothing.</returns>
    public Label? Take(Problem problem)
    {
        Label? rest = null;
        foreach (var fault in problem.Faults)
            if (Entries.FirstOrDefault(e => e.Field.Name == fault.Field?.Split('.', '[')[^1]) is { } entry)
                entry.Faults = entry.Faults.Add(fault.Message);
            else
                rest ??= fault.Message;
        return rest;
    }

    private DateOnly? Day(string name) => Entries.FirstOrDefault(e => e.Field.Name == name)?.Value(out _) as DateOnly?;

    private static object? Value(Relationship? link, ModelField field) =>
        link is null ? field.Default : link.Values.TryGet(field.Name, out var value) ? value : null;
}

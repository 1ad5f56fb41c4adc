using Xrm.Core.Model;
using Xrm.Sdk;

namespace Xrm.Core.Plans;

/// <summary>Applies the edits of a commit in order to drafts, each against the rules that one edit alone can break.</summary>
internal sealed class EditApplier(PlanContext context, DraftBook book, ValueSetter setter, Staleness staleness)
{
    private CommitFaults Faults => context.Faults;

    public async ValueTask Apply(CancellationToken cancellation)
    {
        var edits = context.Edits;
        var at = 0;
        foreach (var edit in edits)
        {
            switch (edit)
            {
                case Edit.Create create:
                    Create(create, at);
                    break;
                case Edit.Update update when Entity(update.Type, at) is { } type && await Change(type, update.Id, update.ExpectedVersion, update.Values, update, at, cancellation) is { } draft:
                    Update(draft, update, at);
                    break;
                case Edit.Delete delete when Entity(delete.Type, at, goes: true) is { } type && await Change(type, delete.Id, delete.ExpectedVersion, Values.None, delete, at, cancellation) is { } draft:
                    if (!context.MayAll && !context.View.Of(type).May(Rights.Delete, draft.Held) && !draft.IsNew)
                        Faults.Forbidden(at, null, type);
                    draft.IsGone = true;
                    break;
                case Edit.Relate relate:
                    Relate(relate, at);
                    break;
                case Edit.Change change when Relationship(change.Type, at) is { } type && await Change(type, change.Id, change.ExpectedVersion, change.Values, change, at, cancellation) is { } draft:
                    setter.SetAll(draft, change.Values, at, asked: true);
                    break;
                case Edit.End end when Relationship(end.Type, at) is { } type:
                    if (!type.IsDated)
                        Faults.Invalid(at, null, "dated", $"{type.Name} n'a pas de dates : une telle relation se retire, elle ne finit pas.", $"{type.Name} has no dates: such a relationship is taken away, it does not end.");
                    else if (await Change(type, end.Id, end.ExpectedVersion, Values.Of(("validTo", end.On)), end, at, cancellation) is { } draft)
                        setter.SetAll(draft, Values.Of(("validTo", end.On)), at, asked: true);
                    break;
                case Edit.Unrelate unrelate when Relationship(unrelate.Type, at, goes: true) is { } type && await Change(type, unrelate.Id, unrelate.ExpectedVersion, Values.None, unrelate, at, cancellation) is { } draft:
                    if (!context.MayAll && !context.View.Of(type).May(Rights.Delete, draft.Held) && !draft.IsNew)
                        Faults.Forbidden(at, null, type);
                    draft.IsGone = true;
                    break;
            }
            at++;
        }
    }

    private void Create(Edit.Create create, int at)
    {
        if (Entity(create.Type, at) is not { } type || !Accept(create.Id, at))
            return;
        var draft = new Draft(type, create.Id.Value, default, at) { Room = create.Values.Count };
        if (!book.Begin(draft))
        {
            IdTaken(create.Id, at);
            return;
        }
        ValueSetter.SetDefaults(draft, create.Values);
        foreach (var (name, value) in create.Values)
            if (value is KeptSet kept)
                setter.Take(draft, kept, at);
            else if (type.EndsByName.TryGetValue(name, out var end))
                RelateEnd(draft, end, value, at);
            else
                setter.Set(draft, name, value, at, asked: true);
    }

    private void RelateEnd(Draft draft, ModelEnd end, object? value, int at)
    {
        if (value is null)
            return;
        if (!end.IsToOne || value is not EntityId far)
        {
            Faults.Invalid(at, end.Name, "end", end.IsToOne ? "Ici est attendu l'identifiant d'une fiche." : "Plusieurs fiches se relient par des modifications de relation.",
                end.IsToOne ? "The id of a thing is expected here." : "Several things are related by edits of the relationship.");
            return;
        }
        var period = end.Relationship.IsDated ? new Period(context.Today, null) : Period.Always;
        Relate(end.Relationship, EntityId.New(context.Now), end.IsSource ? draft.Id : far.Value, end.IsSource ? far.Value : draft.Id, period, Values.None, at, end.Name);
    }

    private void Update(Draft draft, Edit.Update update, int at)
    {
        if (update.Move is { } name)
            setter.Move(draft, name, at);
        setter.SetAll(draft, update.Values, at, asked: true);
        if (!context.MayAll && !draft.IsNew && draft.Asked is null && !context.View.Of(draft.Type).May(Rights.Update, draft.Held))
            Faults.Forbidden(at, null, draft.Type);
    }

    private void Relate(Edit.Relate relate, int at)
    {
        if (Relationship(relate.Type, at) is not { } type || !Accept(relate.Id, at))
            return;
        if (!type.IsDated && relate.Period != Period.Always)
        {
            Faults.Invalid(at, "validFrom", "dated", $"{type.Name} n'a pas de dates.", $"{type.Name} has no dates.");
            return;
        }
        Relate(type, relate.Id, relate.Source.Value, relate.Target.Value, relate.Period, relate.Values, at, null);
    }

    private void Relate(ModelRelationship type, EntityId id, Guid source, Guid target, Period period, Values values, int at, string? named)
    {
        // Both ends are looked at, so that faults of both are told.
        var sourceStands = Stands(type, type.Source, source, at, named ?? "source");
        var targetStands = Stands(type, type.IsSymmetric ? type.Source : type.Target, target, at, named ?? "target");
        if (!sourceStands || !targetStands)
            return;
        if (type.IsSymmetric && source == target)
        {
            Faults.Invalid(at, named ?? "target", "self", "Une fiche ne se relie pas à elle-même ainsi.", "A thing is not related to itself so.");
            return;
        }
        var draft = new Draft(type, id.Value, default, at) { Source = source, Target = target, Period = period };
        if (!book.Begin(draft))
        {
            IdTaken(id, at);
            return;
        }
        ValueSetter.SetDefaults(draft, values);
        setter.SetAll(draft, values, at, asked: true);
    }

    private bool Stands(ModelRelationship relationship, ModelEnd end, Guid id, int at, string field)
    {
        if (book.TypeOf(id) is not { } type)
        {
            Faults.NotFound(at, field, null, id);
            return false;
        }
        if (end.Types.Contains(type))
            return true;
        Faults.Invalid(at, field, "end", $"Une fiche {type.Name} ne peut être là dans {relationship.Name} (attendu : {string.Join(", ", end.Types.Select(t => t.Name))}).",
            $"A {type.Name} cannot stand there in {relationship.Name} (expected: {string.Join(", ", end.Types.Select(t => t.Name))}).");
        return false;
    }

    private async ValueTask<Draft?> Change(RecordType type, EntityId id, int? expected, Values values, Edit edit, int at, CancellationToken cancellation)
    {
        if (book.Change(type, id.Value, at) is not { } draft)
        {
            Faults.NotFound(at, null, type, id.Value);
            return null;
        }
        return await staleness.Check(draft, expected, values, edit, at, cancellation) ? draft : null;
    }

    private bool Accept(EntityId id, int at)
    {
        if (!id.IsAcceptable)
        {
            Faults.Invalid(at, "id", "id", $"{id} n'est pas un UUID de version 4 ou 7.", $"{id} is no UUID of version 4 or 7.");
            return false;
        }
        if (!context.Taken.Contains(id.Value))
            return true;
        IdTaken(id, at);
        return false;
    }

    private void IdTaken(EntityId id, int at) =>
        Faults.Taken(at, "id", "id", $"L'identifiant {id} n'est pas disponible.", $"The id {id} is not available.");

    private ModelType? Entity(string name, int at, bool goes = false)
    {
        if ((context.Model.Type(name) ?? (goes ? context.Reached.Type(name) : null)) is { } type)
            return type;
        Unknown(name, at, $"Le type de fiche {name} n'existe pas.", $"There is no entity type {name}.");
        return null;
    }

    private ModelRelationship? Relationship(string name, int at, bool goes = false)
    {
        if ((context.Model.Relationship(name) ?? (goes ? context.Reached.Relationship(name) : null)) is { } type)
            return type;
        Unknown(name, at, $"Le type de relation {name} n'existe pas.", $"There is no relationship type {name}.");
        return null;
    }

    private void Unknown(string name, int at, string fr, string en)
    {
        if (context.Model.ParkedType(name) is { } parked)
            Faults.Parked(at, null, context.Model, name, parked.Plugin);
        else
            Faults.Invalid(at, null, "unknown", fr, en);
    }
}

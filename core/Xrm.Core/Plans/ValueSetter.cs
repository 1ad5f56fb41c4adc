using Xrm.Core.Model;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Plans;

/// <summary>Sets fields of drafts by name, each value checked by all that the model says of its field.</summary>
internal sealed class ValueSetter(PlanContext context)
{
    private readonly bool _setsHidden = context.SetsHidden || context.Actor.Id == Actor.System.Id || context.Actor.Id.StartsWith("plugin:", StringComparison.Ordinal);

    /// <summary>Sets what the model says of a new record.</summary>
    /// <param name="values">What it is about to be given: what is packed there needs no default.</param>
    public static void SetDefaults(Draft draft, Values values)
    {
        var packed = values.TryGet(KeptSet.Name, out var value) && value is KeptSet kept && kept.Type == draft.Type ? kept.Fields.Span : default;
        foreach (var field in draft.Type.Fields)
            if (field.DefaultJson is { Length: > 0 } json && !FieldSet.TryGet(packed, field.Ordinal, out _))
                draft.Put(field, field.Description.Default, json);
    }

    public void SetAll(Draft draft, Values values, int edit, bool asked)
    {
        foreach (var (name, value) in values)
            if (value is KeptSet kept)
                Take(draft, kept, edit);
            else
                Set(draft, name, value, edit, asked);
    }

    /// <summary>Sets one field.</summary>
    /// <param name="asked">Whether the caller asked for it, whose rights count then; not when a hook did.</param>
    public void Set(Draft draft, string name, object? value, int edit, bool asked)
    {
        if (!draft.Type.ByName.TryGetValue(name, out var field) || field.Description.IsHidden && asked && !_setsHidden)
        {
            Unknown(draft, name, edit);
            return;
        }
        if (asked && !context.MayAll && !May(draft, field, edit))
            return;
        if (value is KeptValue kept)
        {
            if (kept.Field == field && IsPlain(field))
            {
                draft.Put(field, kept.Value, kept.Json);
                return;
            }
            value = kept.Value;
        }
        switch (field.Builtin)
        {
            case Builtin.None when field.Description.IsComputed:
                context.Faults.Invalid(edit, name, "readOnly", $"Le champ {name} est calculé : il ne se modifie pas.", $"The field {name} is computed: it cannot be set.");
                break;
            case Builtin.None:
                SetField(draft, field, value, edit);
                break;
            case Builtin.ValidFrom or Builtin.ValidTo when value is null or DateOnly:
                draft.Period = field.Builtin == Builtin.ValidFrom ? draft.Period with { From = (DateOnly?)value } : draft.Period with { To = (DateOnly?)value };
                break;
            case Builtin.ValidFrom or Builtin.ValidTo:
                var expected = ShapeValues.Named(Shape.Date);
                context.Faults.Invalid(edit, name, "shape", $"Ici est attendu : {expected.Fr}.", $"Expected here: {expected.En}.");
                break;
            default:
                context.Faults.Invalid(edit, name, "readOnly", $"Le champ {name} ne se modifie pas.", $"The field {name} cannot be set.");
                break;
        }
    }

    /// <summary>Sets what an edit brings checked and packed.</summary>
    public void Take(Draft draft, KeptSet kept, int edit)
    {
        if (kept.Type == draft.Type && draft.IsNew && context.MayAll)
        {
            draft.Take(kept.Fields);
            return;
        }
        var each = FieldSet.Each(kept.Fields.Span);
        while (each.MoveNext())
            if (kept.Type.ByOrdinal[each.Ordinal] is var field)
                Set(draft, field.Name, new KeptValue(field, ShapeValues.Read(field, each.Json), each.Json.ToArray()), edit, asked: true);
    }

    /// <summary>Makes a state move by its name.</summary>
    public void Move(Draft draft, string name, int edit)
    {
        foreach (var field in draft.Type.Fields)
            foreach (var move in field.Description.Type.Moves)
            {
                if (move.Name != name)
                    continue;
                if (!context.MayAll && !May(draft, field, edit))
                    return;
                var now = State(draft, field);
                if (now is null || !move.From.Contains(now))
                    context.Faults.Invalid(edit, field.Name, "move", $"« {move.Label.Fr} » ne part pas de l'état {now}.", $"\"{move.Label.En}\" does not start from the state {now}.");
                else
                    Enter(draft, field, move.To, [move], edit);
                return;
            }
        context.Faults.Invalid(edit, null, "move", $"{draft.Type.Name} n'a pas de passage {name}.", $"{draft.Type.Name} has no move {name}.");
    }

    private void SetField(Draft draft, ModelField field, object? value, int edit)
    {
        object? kept = null;
        if (value is not null)
        {
            if (!FieldValue.Check(field, value, out kept, out var refusal))
            {
                (draft.Refused ??= []).Add(field);
                context.Faults.Invalid(edit, field.Name, refusal);
                return;
            }
            if (FieldValue.IsEmpty(kept))
                kept = null;
        }
        if (kept is null && field.Description.IsRequired)
        {
            (draft.Refused ??= []).Add(field);
            context.Faults.Invalid(edit, field.Name, "required", $"« {field.Description.Label.Fr} » est obligatoire.", $"\"{field.Description.Label.En}\" is required.");
            return;
        }
        if (IsState(field))
            SetState(draft, field, kept as string, edit);
        else
            draft.Put(field, kept, kept is null ? [] : FieldValue.Json(field, kept));
    }

    /// <summary>A state is set only to what it is, to where it starts, or to where a move leads from it.</summary>
    private void SetState(Draft draft, ModelField field, string? state, int edit)
    {
        var now = State(draft, field);
        if (state == now)
            return;
        if (context.Migrates)
        {
            draft.Put(field, state, state is null ? [] : FieldValue.Json(field, state));
            return;
        }
        var start = field.Description.Default as string ?? field.Description.Type.Options[0].Name;
        if (now is null && state == start)
        {
            draft.Put(field, state, FieldValue.Json(field, state));
            return;
        }
        var moves = field.Description.Type.Moves.Where(m => m.To == state && (now is null ? m.From.Contains(start) : m.From.Contains(now))).ToArray();
        if (state is null || draft.IsNew || moves.Length == 0)
            context.Faults.Invalid(edit, field.Name, "state", $"Aucun passage ne mène de {now ?? start} à {state ?? "rien"}.", $"No move leads from {now ?? start} to {state ?? "nothing"}.");
        else
            Enter(draft, field, state, moves, edit);
    }

    private static void Enter(Draft draft, ModelField field, string state, IEnumerable<Move> moves, int edit)
    {
        draft.Put(field, state, FieldValue.Json(field, state));
        (draft.Moves ??= []).Add((field, [.. moves], edit));
    }

    private static string? State(Draft draft, ModelField field) => draft.TryGet(field, out var json) ? JsonValue.Text(json) : null;

    /// <summary>Whether a value that was checked by itself may be set whatever else the thing holds.</summary>
    public static bool IsPlain(ModelField field) => field is { Builtin: Builtin.None, Description.IsComputed: false } && !IsState(field);

    private static bool IsState(ModelField field) => field.Description.Type.Name == "state" || !field.Description.Type.Moves.IsEmpty;

    /// <summary>Notes that the caller asked to set a field and whether it may, as far as the thing before tells.</summary>
    private bool May(Draft draft, ModelField field, int edit)
    {
        (draft.Asked ??= []).Add(field);
        if (draft.IsNew || context.View.Of(draft.Type).May(Rights.Update, field, draft.Held))
            return true;
        context.Faults.Forbidden(edit, field.Name, draft.Type);
        return false;
    }

    private void Unknown(Draft draft, string name, int edit)
    {
        if (name is "validFrom" or "validTo")
            context.Faults.Invalid(edit, name, "dated", $"{draft.Type.Name} n'a pas de dates.", $"{draft.Type.Name} has no dates.");
        else if (context.Model.ParkedField(draft.Type, name) is { } parked)
            context.Faults.Parked(edit, name, context.Model, $"{draft.Type.Name}.{name}", parked.Plugin);
        else if (draft.Type is ModelType type && type.EndsByName.ContainsKey(name))
            context.Faults.Invalid(edit, name, "end", $"{name} est une relation : elle se modifie par ses propres modifications.", $"{name} is a relationship: it is changed by edits of its own.");
        else
            context.Faults.Invalid(edit, name, "unknown", $"{draft.Type.Name} n'a pas de champ {name}.", $"{draft.Type.Name} has no field {name}.");
    }
}

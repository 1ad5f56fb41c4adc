using Xrm.Core.Model;

namespace Xrm.Core.Plans;

/// <summary>What fields must obey once all edits are applied: required ones have a value, and so has what a state move needs.</summary>
internal static class FieldRules
{
    public static void Check(DraftBook book, CommitFaults faults)
    {
        foreach (var draft in book.Drafts)
        {
            if (draft.IsGone)
                continue;
            if (draft.IsNew)
                foreach (var field in draft.Type.Fields)
                    if (field.Description.IsRequired && !draft.TryGet(field, out _))
                        faults.Invalid(draft.Edit, field.Name, "required", $"« {field.Description.Label.Fr} » est obligatoire.", $"\"{field.Description.Label.En}\" is required.");
            foreach (var (field, moves, edit) in draft.Moves ?? [])
            {
                var missing = moves.Select(m => m.Needs.Select(n => draft.Type.ByName[n]).Where(f => !draft.TryGet(f, out _)).ToArray()).MinBy(m => m.Length) ?? [];
                foreach (var need in missing)
                    faults.Invalid(edit, need.Name, "needs", $"« {need.Description.Label.Fr} » est nécessaire pour changer {field.Name}.", $"\"{need.Description.Label.En}\" is needed to change {field.Name}.");
            }
        }
    }
}

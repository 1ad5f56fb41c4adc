using Xrm.Core.Model;

namespace Xrm.Core.Plans;

/// <summary>What fields must obey once all edits are applied: required ones have a value, and so has what a state move needs.</summary>
internal static class FieldRules
{
    /// <summary>Notes what is missing; of a field whose value was refused no more is said.</summary>
    /// <param name="beforeHandlers">Whether Saving handlers did not run yet: hidden fields are theirs to fill, and are not told.</param>
    public static void Check(DraftBook book, CommitFaults faults, bool beforeHandlers)
    {
        foreach (var draft in book.Drafts)
        {
            if (draft.IsGone)
                continue;
            if (draft.IsNew)
                foreach (var field in draft.Type.Fields)
                    if (field.Description.IsRequired && !(beforeHandlers && field.Description.IsHidden) && IsMissing(draft, field))
                        faults.Invalid(draft.Edit, field.Name, "required", $"« {field.Description.Label.Fr} » est obligatoire.", $"\"{field.Description.Label.En}\" is required.");
            if (draft.Moves is not null)
                CheckMoves(draft, faults);
        }
    }

    // Of its own, so that what its lambdas need is not made for each record of a file.
    private static void CheckMoves(Draft draft, CommitFaults faults)
    {
        foreach (var (field, moves, edit) in draft.Moves!)
        {
            var missing = moves.Select(m => m.Needs.Select(n => draft.Type.ByName[n]).Where(f => IsMissing(draft, f)).ToArray()).MinBy(m => m.Length) ?? [];
            foreach (var need in missing)
                faults.Invalid(edit, need.Name, "needs", $"« {need.Description.Label.Fr} » est nécessaire pour changer {field.Name}.", $"\"{need.Description.Label.En}\" is needed to change {field.Name}.");
        }
    }

    private static bool IsMissing(Draft draft, ModelField field) => !draft.TryGet(field, out _) && draft.Refused?.Contains(field) is not true;
}

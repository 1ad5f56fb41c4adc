using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Sdk;

namespace Xrm.Core.Files;

/// <summary>What the files of a commit must obey: a content that a field comes to name is kept, has the size that is said, and is one that the actor sent a short while ago or sees somewhere; nobody gets at a content by its hash alone.</summary>
internal sealed class FileRules(PlanContext context, DraftBook book)
{
    private Dictionary<string, (KeptFile? Kept, bool IsHis)>? _looked;

    /// <summary>Looks at all fields of files that are about to be something else.</summary>
    /// <returns>That the contents are still kept.</returns>
    public async ValueTask<IReadOnlyCollection<Guard>> Check(CancellationToken cancellation)
    {
        if (context.Files is null)
            return [];
        foreach (var draft in book.Drafts)
            if (!draft.IsGone)
                foreach (var field in draft.Type.Fields)
                    if (FileMentions.IsFile(field) && draft.Sets(field))
                        await Check(draft, field, cancellation);
        return _looked is null ? [] : [.. _looked.Keys.Select(h => new Guard.FileIsKept(h))];
    }

    private async ValueTask Check(Draft draft, ModelField field, CancellationToken cancellation)
    {
        if (!draft.TryGet(field, out var json))
            return;
        var references = FileMentions.References(field, json);
        var before = draft.Before.Exists && draft.Before.TryGet(field.Ordinal, out var there) ? FileMentions.Hashes(there) : [];
        // What a plugin's handler sets is not what the caller asked for; it may have read it where the caller cannot.
        var isAsked = context.MayAll || draft.Asked?.Contains(field) == true;
        foreach (var reference in references)
        {
            var (kept, isHis) = await Look(reference.Hash, cancellation);
            if (kept is null || isAsked && !isHis && !before.Contains(reference.Hash))
                context.Faults.Invalid(draft.Edit, field.Name, "file",
                    $"Le fichier « {reference.Name} » n'est pas là : il n'a pas été envoyé par vous, ou il y a plus d'un jour. Envoyez-le à nouveau.",
                    $"The file \"{reference.Name}\" is not there: it was not sent by you, or more than a day ago. Send it again.");
            else if (kept.Size != reference.Size)
                context.Faults.Invalid(draft.Edit, field.Name, "fileSize",
                    $"Le fichier « {reference.Name} » a {kept.Size} octets, et non {reference.Size}. Reprenez ce que l'envoi du fichier a répondu.",
                    $"The file \"{reference.Name}\" has {kept.Size} bytes, not {reference.Size}. Use what sending the file answered.");
        }
    }

    private async ValueTask<(KeptFile? Kept, bool IsHis)> Look(string hash, CancellationToken cancellation)
    {
        _looked ??= new(StringComparer.Ordinal);
        if (_looked.TryGetValue(hash, out var known))
            return known;
        var kept = context.Files!.Find(hash);
        var isHis = kept is not null
            && (context.Actor.Id == Actor.System.Id || kept.IsFrom(context.Actor.Id, context.Now) || await IsSeen(hash, cancellation));
        return _looked[hash] = (kept, isHis);
    }

    private async ValueTask<bool> IsSeen(string hash, CancellationToken cancellation)
    {
        using var reader = context.Sight!();
        return await SeenFiles.Find(reader, hash, null, cancellation) is not null;
    }
}

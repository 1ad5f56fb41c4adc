using Xrm.Sdk;

namespace Xrm.Core.Image;

/// <summary>What a store tells when it cannot do its work.</summary>
internal static class StoreFaults
{
    /// <summary>What the journal says of it in both languages, when it does; else its message in a sentence.</summary>
    public static Problem CannotWrite(Exception cause) => cause.InnerException as Problem ?? new(ProblemCode.Unavailable, Label.Of(
        $"L'enregistrement est impossible pour le moment ({cause.Message}). Rien n'a été enregistré ; réessayez plus tard.",
        $"Nothing can be written at the moment ({cause.Message}). Nothing was written; try again later."), rule: "journal");

    /// <summary>What the journal says of it in both languages, when it does; else its message in a sentence.</summary>
    public static Problem CannotRead(Exception cause) => cause.InnerException as Problem ?? new(ProblemCode.Unavailable, Label.Of(
        $"Le journal ne peut être lu pour le moment ({cause.Message}). Vérifiez le disque, puis réessayez.",
        $"The log cannot be read at the moment ({cause.Message}). Check the disk, then try again."), rule: "journal");

    public static Problem Closed() => new(ProblemCode.Unavailable, Label.Of(
        "Le magasin de données est fermé. Rien n'a été enregistré.",
        "The store is closed. Nothing was written."), rule: "closed");

    public static Problem DamagedBlock(long block, string why) => new(ProblemCode.Unavailable, Label.Of(
        $"Le bloc {block} du journal est endommagé ou d'une version plus récente : {why} Restaurez une sauvegarde, ou ouvrez ces données avec une version plus récente du programme.",
        $"Block {block} of the log is damaged or of a newer version: {why} Restore a backup, or open this data with a newer version of the program."), rule: "damaged");

    public static Problem DamagedSegment(long segment, string why) => new(ProblemCode.Unavailable, Label.Of(
        $"Le segment {segment} du point de contrôle est endommagé ou d'une version plus récente : {why} Restaurez une sauvegarde, ou ouvrez ces données avec une version plus récente du programme.",
        $"Segment {segment} of the checkpoint is damaged or of a newer version: {why} Restore a backup, or open this data with a newer version of the program."), rule: "damaged");

    public static Problem OtherActor() => new(ProblemCode.Conflict, Label.Of(
        "Cet identifiant de modification a déjà été utilisé par un autre acteur. Choisissez-en un autre.",
        "This commit id was used by another actor before. Choose another one."), "id", "commitId");

    public static Problem TooMany(int limit) => new(ProblemCode.Limit, Label.Of(
        $"Une modification compte au plus {limit} changements. Répartissez-la sur plusieurs.",
        $"A commit has at most {limit} changes. Split it into several."), rule: "changes");

    public static Problem TooFarBack(int limit) => new(ProblemCode.Limit, Label.Of(
        $"Cet instant est antérieur à plus de {limit} changements ; on ne remonte pas plus loin. Demandez un instant plus récent, ou les champs d'une seule fiche.",
        $"That moment lies behind more than {limit} changes, as far as one goes back. Ask for a later one, or for the fields of one thing alone."), "asOf", "pastChanges");
}

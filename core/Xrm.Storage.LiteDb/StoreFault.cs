using Xrm.Sdk;

namespace Xrm.Storage.LiteDb;

/// <summary>Why the store cannot be opened, read or written: what, where, what to do. Its inner exception is the <see cref="Problem"/> for people, so that whoever catches an IOException need not know this class.</summary>
internal sealed class StoreFault(Label text, Exception? cause = null)
    : IOException(text.En, new Problem(ProblemCode.Unavailable, text, rule: "store"))
{
    public Label Text { get; } = text;

/// <summary>What the disk or LiteDB said; null when it was found out here.</summary>
    public Exception? Cause { get; } = cause;

    /// <summary>Whether it is only that another process holds the folder: trying again later may work.</summary>
    public bool IsLocked { get; private init; }

    /// <summary>The same as callers of the core expect it.</summary>
    public Problem Problem => (Problem)InnerException!;

    public static StoreFault Locked(string folder, string holder) => new(Label.Of(
        $"Le dossier de données {folder} est déjà utilisé par {(holder.Length == 0 ? "un autre processus" : $"le processus {holder}")}. Arrêtez-le, ou choisissez un autre dossier (XRM_DATA).",
        $"The data folder {folder} is in use by {(holder.Length == 0 ? "another process" : $"process {holder}")}. Stop it, or choose another folder (XRM_DATA).")) { IsLocked = true };

    public static StoreFault NotWritable(string path, Exception cause) => new(Label.Of(
        $"Impossible d'écrire dans {path} : {Reason(cause)}. Donnez au compte de service le droit d'y lire et d'y écrire, ou choisissez un autre dossier (XRM_DATA).",
        $"{path} cannot be written: {Reason(cause)}. Give the service account the right to read and write there, or choose another folder (XRM_DATA)."), cause);

    public static StoreFault Full(string path, Exception cause) => new(Label.Of(
        $"Le disque qui porte {path} est plein. Rien n'a été écrit ; libérez de la place, puis recommencez.",
        $"The disk that holds {path} is full. Nothing was written; make room, then try again."), cause);

    public static StoreFault Failed(string path, Exception cause) => new(Label.Of(
        $"Le disque a refusé une écriture dans {path} : {Reason(cause)}. Rien n'a été écrit.",
        $"The disk refused a write to {path}: {Reason(cause)}. Nothing was written."), cause);

    public static StoreFault Unknown(string path, Exception cause) => new(Label.Of(
        $"Une écriture dans {path} a échoué ({Reason(cause)}) et l'état du disque est inconnu. Plus rien n'est écrit ; vérifiez le disque, puis redémarrez.",
        $"A write to {path} failed ({Reason(cause)}) and the state on disk is not known. Nothing more is written; check the disk, then restart."), cause);

    public static StoreFault Unreadable(string path, Exception cause) => new(Label.Of(
        $"Impossible de lire {path} : {Reason(cause)}. Vérifiez le disque, puis redémarrez.",
        $"{path} cannot be read: {Reason(cause)}. Check the disk, then restart."), cause);

    public static StoreFault Damaged(string path, string what, Exception? cause = null) => new(Label.Of(
        $"Le fichier {path} est endommagé ({what}). Rien n'a été modifié ; restaurez la dernière sauvegarde (xrm restore).",
        $"The file {path} is damaged ({what}). Nothing was changed; restore the last backup (xrm restore)."), cause);

    public static StoreFault Newer(string path, long format, int known) => new(Label.Of(
        $"Le fichier {path} a été écrit par une version plus récente (format {format}, cette version connaît {known}). Rien n'a été modifié ; mettez le logiciel à jour.",
        $"The file {path} was written by a newer version (format {format}, this version knows {known}). Nothing was changed; update the software."));

    /// <summary>The fault behind a failed write of which nothing is left on disk.</summary>
    public static StoreFault OfWrite(string path, Exception cause) => cause switch
    {
        StoreFault fault => fault,
        UnauthorizedAccessException => NotWritable(path, cause),
        IOException when IsFull(cause) => Full(path, cause),
        IOException when IsReadOnly(cause) => NotWritable(path, cause),
        IOException => Failed(path, cause),
        _ => Damaged(path, cause.Message, cause),
    };

    /// <summary>The fault behind a failed read.</summary>
    public static StoreFault OfRead(string path, Exception cause) => cause switch
    {
        StoreFault fault => fault,
        EndOfStreamException => Damaged(path, cause.Message, cause),
        UnauthorizedAccessException => NotWritable(path, cause),
        IOException when IsFull(cause) => Full(path, cause),
        IOException when IsReadOnly(cause) => NotWritable(path, cause),
        IOException => Unreadable(path, cause),
        _ => Damaged(path, cause.Message, cause),
    };

    // The low half is errno on Unix (ENOSPC, EDQUOT, EROFS) and the Win32 code on Windows.
    private static bool IsFull(Exception e) => (e.HResult & 0xFFFF) is 28 or 122 or 39 or 112;

    private static bool IsReadOnly(Exception e) => (e.HResult & 0xFFFF) is 30 or 19;

    private static string Reason(Exception e) => e.Message.TrimEnd('.');
}

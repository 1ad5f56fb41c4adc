using System.Collections.Immutable;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Xrm.Sdk;
using Xrm.Storage.LiteDb;

namespace Xrm.Host;

/// <summary>What to tell people when something did not work: what, where, and what to do; never a stack.</summary>
internal static class Failure
{
    private const int DiskFull = 28;
    private const int QuotaPassed = 122;
    private const int ReadOnly = 30;

    /// <summary>The faults behind an exception; one that nobody expected is named by its kind and message.</summary>
    public static ImmutableArray<Fault> Faults(Exception exception) => exception switch
    {
        Problem problem => problem.Faults,
        StoreFault fault => fault.Problem.Faults,
        AggregateException { InnerException: { } inner } => Faults(inner),
        IOException { InnerException: AddressInUseException } or AddressInUseException => [Of(ProblemCode.Unavailable, PortInUse(exception.Message))],
        SocketException e => [Of(ProblemCode.Unavailable, Label.Of($"Le réseau refuse : {e.Message}", $"The network refuses: {e.Message}"))],
        UnauthorizedAccessException e => [Of(ProblemCode.Unavailable, Label.Of(
            $"Accès refusé : {e.Message} Vérifiez les droits du compte qui lance xrm, et que le disque n'est pas en lecture seule.",
            $"Access refused: {e.Message} Check the rights of the account that runs xrm, and that the disk is not read-only."))],
        FileNotFoundException e => [Of(ProblemCode.Invalid, Label.Of($"Ce fichier n'existe pas : {e.FileName ?? e.Message}", $"There is no such file: {e.FileName ?? e.Message}"))],
        DirectoryNotFoundException e => [Of(ProblemCode.Invalid, Label.Of($"Ce dossier n'existe pas : {e.Message}", $"There is no such folder: {e.Message}"))],
        IOException e => [Of(ProblemCode.Unavailable, Io(e))],
        OutOfMemoryException => [Of(ProblemCode.Unavailable, Label.Of("La mémoire ne suffit pas.", "There is not enough memory."))],
        _ => [Of(ProblemCode.Internal, Label.Of(
            $"Erreur inattendue ({exception.GetType().Name}) : {exception.Message} Relancez avec XRM_LOG=debug pour les détails.",
            $"Unexpected error ({exception.GetType().Name}): {exception.Message} Run again with XRM_LOG=debug for the details."))],
    };

    private static Fault Of(ProblemCode code, Label message) => new(code, message);

    private static Label PortInUse(string message) => Label.Of(
        $"Une adresse d'écoute est déjà prise par un autre programme ({message}). Arrêtez-le, ou choisissez une autre adresse : XRM_URLS=http://127.0.0.1:5081.",
        $"An address to listen on is in use by another program ({message}). Stop it, or choose another address: XRM_URLS=http://127.0.0.1:5081.");

    private static Label Io(IOException e) => (e.HResult & 0xFFFF) switch
    {
        DiskFull or QuotaPassed => Label.Of(
            $"Le disque est plein : {e.Message} Rien n'a été écrit à moitié ; faites de la place et recommencez.",
            $"The disk is full: {e.Message} Nothing was half written; make room and try again."),
        ReadOnly => Label.Of(
            $"Le disque est en lecture seule : {e.Message} Choisissez un dossier où xrm peut écrire (XRM_DATA).",
            $"The disk is read-only: {e.Message} Choose a folder that xrm can write to (XRM_DATA)."),
        _ => Label.Of($"Erreur de disque ou de réseau : {e.Message}", $"Disk or network error: {e.Message}"),
    };
}

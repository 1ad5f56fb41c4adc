using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Xrm.Sdk;

namespace Xrm.Host;

/// <summary>The folder with all that one authority's host keeps. Only its owner can look inside.</summary>
/// <param name="Path">Absolute.</param>
internal sealed record DataFolder(string Path)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode PrivateFolder = Private | UnixFileMode.UserExecute;

    /// <summary>Accounts, sessions and tokens.</summary>
    public string Credentials => System.IO.Path.Combine(Path, "credentials.json");

    /// <summary>Where a serving host can be spoken to.</summary>
    public string Host => System.IO.Path.Combine(Path, "host.json");

    /// <summary>The authority's secret.</summary>
    public string Secret => System.IO.Path.Combine(Path, "secret.key");

    /// <summary>Which plugins are used here.</summary>
    public string Installed => System.IO.Path.Combine(Path, "installed.json");

    /// <summary>Packages of plugins that were installed here.</summary>
    public string Plugins => System.IO.Path.Combine(Path, "plugins");

    /// <summary>Which packages and certificates are trusted.</summary>
    public string Trust => System.IO.Path.Combine(Path, "trust.json");

    /// <summary>Lists of trusted GraphQL documents.</summary>
    public string Documents => System.IO.Path.Combine(Path, "documents");

    /// <summary>Packages that were sent and wait to be installed.</summary>
    public string Incoming => System.IO.Path.Combine(Plugins, "incoming");

    /// <summary>Makes the folder if there is none, and sees whether it can be written to.</summary>
    /// <exception cref="Problem">Unavailable: it cannot.</exception>
    public void Open()
    {
        try
        {
            Make(Path);
            var trial = System.IO.Path.Combine(Path, $".trial-{Environment.ProcessId}");
            using (new FileStream(trial, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new Problem(ProblemCode.Unavailable, Label.Of(
                $"Le dossier des données {Path} ne peut pas être ouvert en écriture : {e.Message} Corrigez ses droits, ou choisissez-en un autre (XRM_DATA).",
                $"The data folder {Path} cannot be opened for writing: {e.Message} Correct its rights, or choose another one (XRM_DATA)."), "XRM_DATA");
        }
    }

    /// <summary>A secret of 32 bytes for one purpose, derived from the authority's secret, which the first start makes.</summary>
    public byte[] Key(string purpose)
    {
        if (!File.Exists(Secret))
            WriteWhole(Secret, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)) + "\n"));
        byte[] secret;
        try
        {
            secret = Convert.FromHexString(File.ReadAllText(Secret).Trim());
        }
        catch (FormatException)
        {
            secret = [];
        }
        if (secret.Length != 32)
            throw new Problem(ProblemCode.Unavailable, Label.Of(
                $"Le fichier {Secret} est abîmé. Remettez celui de la sauvegarde ; sans lui, les rapprochements par date de naissance sont perdus.",
                $"The file {Secret} is damaged. Put back the one of the backup; without it, matching by birth date is lost."));
        return HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: Encoding.UTF8.GetBytes(purpose));
    }

    /// <summary>Writes a file of the owner's own, whole or not at all, and on disk when this returns.</summary>
    public static void WriteWhole(string path, ReadOnlySpan<byte> bytes) => PluginLoading.WholeFile.Write(path, bytes);

    /// <summary>Makes a folder that only its owner can look into, unless it is there.</summary>
    public static void Make(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, PrivateFolder);
    }

    /// <summary>Makes a file of the owner's own, to be written.</summary>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = Private;
        return new(path, options);
    }

    /// <summary>The socket of the host that serves this folder, as its last start wrote it down; null when none did.</summary>
    public string? ReadSocket()
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(Host))?["socket"]?.GetValue<string>();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or System.Text.Json.JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Xrm.Core.Image;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Files;

/// <summary>Finds which contents values name, in their canonical JSON.</summary>
internal static class FileMentions
{
    private const int HashDigits = 64;

    private static readonly FileType Type = new();
    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789abcdef"u8);

    // Nowhere within a JSON text: there its quotation marks would be escaped.
    private static ReadOnlySpan<byte> Mark => "\"hash\":\""u8;

    /// <summary>Whether a field holds files.</summary>
    public static bool IsFile(ModelField field) => field.Builtin == Builtin.None && field.Description.Type.Name == Type.Name;

    /// <summary>The hashes in a value, or in values of whichever fields.</summary>
    public static List<string> Hashes(ReadOnlySpan<byte> json)
    {
        var found = new List<string>();
        while (json.IndexOf(Mark) is var at and >= 0)
        {
            json = json[(at + Mark.Length)..];
            if (json.Length > HashDigits && json[HashDigits] == (byte)'"' && json[..HashDigits].IndexOfAnyExcept(Digits) < 0)
                found.Add(Encoding.ASCII.GetString(json[..HashDigits]));
        }
        return found;
    }

    /// <summary>The references in a field's value.</summary>
    public static ImmutableArray<FileReference> References(ModelField field, ReadOnlySpan<byte> json) =>
        ShapeValues.Read(field, json) is ImmutableArray<object> many ? [.. many.Select(Type.FromValue)] : [Type.FromValue(ShapeValues.Read(field, json))];

    /// <summary>By what an index finds a hash: its first eight bytes.</summary>
    public static ulong Posting(string hash) => BinaryPrimitives.ReadUInt64BigEndian(Convert.FromHexString(hash.AsSpan(0, 16)));

    /// <summary>All postings of a record, each once.</summary>
    /// <param name="into">Emptied first.</param>
    public static void Of(ImmutableArray<Column> columns, in Record record, HashSet<ulong> into)
    {
        into.Clear();
        foreach (var column in columns)
            if (column.TryGet(record, default, out var json))
                foreach (var hash in Hashes(json))
                    into.Add(Posting(hash));
    }
}

using System.Buffers.Binary;
using System.Collections.Immutable;
using Xrm.Core.Image;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Search;

/// <summary>What is looked for in a type's records in one tree: by the first eight bytes (of a word, of its sound, of a fragment; of a file's hash), then slot. A posting only says where to look; the record itself tells whether it is found.</summary>
/// <param name="Columns">The fields looked into.</param>
internal sealed record PostingIndex(ImmutableArray<Column> Columns, Tree? Tree)
{
    /// <summary>Whether it looks into just these fields.</summary>
    public bool IsOf(ImmutableArray<Column> columns) => Columns.Length == columns.Length && Columns.Zip(columns).All(p => p.First.IndexName == p.Second.IndexName);

    /// <summary>Whether all that can be found in a field is in it.</summary>
    public bool Covers(Column column)
    {
        foreach (var own in Columns)
            if (own.IndexName == column.IndexName)
                return true;
        return false;
    }
}

/// <summary>Makes the postings of records.</summary>
internal static class Postings
{
    /// <summary>Sounds are the same when they are so far.</summary>
    public const int SoundLength = 24;

    /// <summary>In front of a sound; no word begins so.</summary>
    private const ulong SoundTag = 1UL << 56;

    /// <summary>The posting of a sound.</summary>
    public static ulong OfSound(ReadOnlySpan<byte> sound) => SoundTag | ValueOrder.OfFold(sound) >> 8;

    /// <summary>All postings of a record, each once.</summary>
    /// <param name="into">Emptied first.</param>
    public static void Of(ImmutableArray<Column> columns, in Record record, HashSet<ulong> into)
    {
        into.Clear();
        foreach (var column in columns)
            if (!column.TryGet(record, default, out var json))
                continue;
            else if (!column.IsMany)
                OfValue(json, into);
            else
                foreach (var element in new Elements(json))
                    OfValue(element, into);
    }

    private static void OfValue(ReadOnlySpan<byte> json, HashSet<ulong> into)
    {
        var form = ValueForms.Of(json);
        using var text = new FoldedText(json, stackalloc byte[256]);
        Span<byte> room = stackalloc byte[SoundLength];
        foreach (var word in new TextWords(text.Bytes))
        {
            into.Add(ValueOrder.OfFold(word));
            if (form == ValueForm.Plain)
            {
                if (TextKey.Sound(word, room) is var length and > 0)
                    into.Add(OfSound(room[..length]));
                continue;
            }
            if (form == ValueForm.Phone && ValueForms.National(word, room) is { IsEmpty: false } national)
                into.Add(ValueOrder.OfFold(national));
            for (var from = 1; from + ValueForms.Fragment <= word.Length; from++)
                into.Add(ValueOrder.OfFold(word[from..]));
        }
    }
}

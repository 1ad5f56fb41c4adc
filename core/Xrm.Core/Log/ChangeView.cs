using System.Buffers;
using System.Buffers.Binary;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Log;

/// <summary>One change as the log has it (decision 0010), read in place. A view; it owns nothing.</summary>
internal readonly ref struct ChangeView
{
    /// <summary>Of the bytes of a change; a newer one is not read.</summary>
    public const byte Format = 1;
    private const int Fixed = 68;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _before;
    private readonly int _after;
    private readonly int _model;

    /// <exception cref="FormatException">It is none, or of a newer format.</exception>
    public ChangeView(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Fixed + 12 || bytes[0] != Format)
            throw new FormatException(bytes.Length > 0 && bytes[0] > Format ? "The change is of a newer format." : "The change is not readable.");
        _bytes = bytes;
        IsRelationship = (bytes[2] & 1) != 0;
        var at = IsRelationship ? Fixed + 32 : Fixed;
        _before = Int(at);
        _after = Int(at + 4);
        _model = Int(at + 8);
        if (_before < 0 || _after < 0 || _model < 0 || (long)at + 12 + _before + _after + _model != bytes.Length)
            throw new FormatException("The change is cut short.");
    }

    public ChangeKind Kind => (ChangeKind)_bytes[1];
    public bool IsRelationship { get; }
    public int TypeOrdinal => Int(4);
    public int Version => Int(8);
    public ulong Previous => BinaryPrimitives.ReadUInt64LittleEndian(_bytes[12..]);
    public ReadOnlySpan<byte> IdBytes => _bytes.Slice(20, 16);
    public Guid Id => new(IdBytes, bigEndian: true);
    public int FromBefore => Int(36);
    public int ToBefore => Int(40);
    public int FromAfter => Int(44);
    public int ToAfter => Int(48);
    public ReadOnlySpan<byte> SourceBytes => IsRelationship ? _bytes.Slice(Fixed, 16) : default;
    public ReadOnlySpan<byte> TargetBytes => IsRelationship ? _bytes.Slice(Fixed + 16, 16) : default;
    public ReadOnlySpan<byte> Before => _bytes.Slice(Body, _before);
    public ReadOnlySpan<byte> After => _bytes.Slice(Body + _before, _after);
    public ReadOnlySpan<byte> Model => _bytes.Slice(Body + _before + _after, _model);

    private int Body => (IsRelationship ? Fixed + 32 : Fixed) + 12;

    private int Int(int at) => BinaryPrimitives.ReadInt32LittleEndian(_bytes[at..]);

    /// <summary>As plain data.</summary>
    public RecordChange ToChange(Cursor place, in BlockCommit commit, DateTimeOffset at) => new()
    {
        Place = place,
        CommitId = commit.Id,
        At = at,
        Actor = commit.Actor,
        Kind = Kind,
        TypeOrdinal = TypeOrdinal,
        Id = Id,
        Version = Version,
        Previous = new((long)(Previous >> 24), (int)(Previous & 0xFFFFFF)),
        Source = IsRelationship ? new(SourceBytes, bigEndian: true) : default,
        Target = IsRelationship ? new(TargetBytes, bigEndian: true) : default,
        PeriodBefore = Days.Period(FromBefore, ToBefore),
        PeriodAfter = Days.Period(FromAfter, ToAfter),
        Before = Before.ToArray(),
        After = After.ToArray(),
        Model = Kind == ChangeKind.Model ? Model.ToArray() : null,
    };

    /// <summary>Writes a change.</summary>
    public static void Write(IBufferWriter<byte> writer, in ChangeHeader header, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, ReadOnlySpan<byte> model)
    {
        var length = (header.IsRelationship ? Fixed + 32 : Fixed) + 12 + before.Length + after.Length + model.Length;
        var bytes = writer.GetSpan(length)[..length];
        bytes[..Fixed].Clear();
        bytes[0] = Format;
        bytes[1] = (byte)header.Kind;
        bytes[2] = header.IsRelationship ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], header.TypeOrdinal);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], header.Version);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[12..], header.Previous);
        header.Id.TryWriteBytes(bytes[20..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[36..], header.FromBefore);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[40..], header.ToBefore);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[44..], header.FromAfter);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[48..], header.ToAfter);
        var at = Fixed;
        if (header.IsRelationship)
        {
            header.Source.TryWriteBytes(bytes[at..], bigEndian: true, out _);
            header.Target.TryWriteBytes(bytes[(at + 16)..], bigEndian: true, out _);
            at += 32;
        }
        BinaryPrimitives.WriteInt32LittleEndian(bytes[at..], before.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[(at + 4)..], after.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[(at + 8)..], model.Length);
        at += 12;
        before.CopyTo(bytes[at..]);
        after.CopyTo(bytes[(at + before.Length)..]);
        model.CopyTo(bytes[(at + before.Length + after.Length)..]);
        writer.Advance(length);
    }
}

/// <summary>What a change says besides values.</summary>
internal readonly record struct ChangeHeader(ChangeKind Kind, bool IsRelationship, int TypeOrdinal, Guid Id, int Version, ulong Previous, Guid Source, Guid Target, int FromBefore, int ToBefore, int FromAfter, int ToAfter);

/// <summary>Periods as day numbers, as records have them.</summary>
internal static class Days
{
    public static int From(Period period) => period.From?.DayNumber ?? int.MinValue;

    public static int To(Period period) => period.To?.DayNumber ?? int.MaxValue;

    public static Period Period(int from, int to) => new(
        from == int.MinValue ? null : DateOnly.FromDayNumber(from),
        to == int.MaxValue ? null : DateOnly.FromDayNumber(to));

    /// <summary>Whether a span of days holds some day of another; a span without days holds none.</summary>
    public static bool Meets(int from, int to, int askedFrom, int askedTo) => from < to && askedFrom < askedTo && from < askedTo && askedFrom < to;
}

using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Administration;

/// <summary>Counts, over the data there are, what a plan asks; each type is gone through once, and only those asked about.</summary>
/// <param name="whole">The model in force with all that is parked.</param>
internal sealed class DataSurvey(CompiledModel whole, ReadRows read)
{
    private readonly Dictionary<string, TypeTally> _types = new(StringComparer.Ordinal);
    private readonly RecordPages _pages = new(read);

    /// <summary>What is counted of a type, after <see cref="Run"/>; null when there are no data of that name.</summary>
    public TypeTally? Of(string type)
    {
        if (_types.TryGetValue(type, out var tally))
            return tally;
        return whole.ByName.TryGetValue(type, out var found) ? _types[type] = new(found) : null;
    }

    public async ValueTask Run(CancellationToken cancellation)
    {
        foreach (var tally in _types.Values)
            switch (tally.Type)
            {
                case ModelType type when tally.IsCountOnly:
                    tally.Total = await _pages.Count(type, cancellation);
                    break;
                case ModelType type:
                    await foreach (var things in _pages.Things(type, cancellation))
                        foreach (var row in things)
                            tally.Take(row.Entity);
                    break;
                case ModelRelationship relationship:
                    await foreach (var run in _pages.Once(relationship, cancellation))
                        foreach (var row in run.Rows)
                        {
                            tally.Take(row.Link);
                            tally.Stands(run.Type.Ordinal, row.Entity.TypeOrdinal);
                        }
                    break;
            }
    }
}

/// <summary>What was counted of a type.</summary>
internal sealed class TypeTally(RecordType type)
{
    private readonly Dictionary<string, FieldTally> _fields = new(StringComparer.Ordinal);
    private FieldTally[]? _asked;
    private readonly Dictionary<(bool IsSource, int Type), int> _ends = [];
    private bool _wantsPeriods;

    public RecordType Type => type;

    /// <summary>How many records there are.</summary>
    public int Total { get; set; }

    /// <summary>How many of them have a day from which or up to which they are true; ask for it before.</summary>
    public int WithPeriod { get; private set; }

    /// <summary>Whether nothing is asked but how many there are.</summary>
    public bool IsCountOnly => _fields.Count == 0 && !_wantsPeriods;

    public void WantPeriods() => _wantsPeriods = true;

    /// <summary>What is counted of a field; null when it has no data.</summary>
    /// <param name="now">The field by which its values are checked; null = they are not.</param>
    public FieldTally? Of(string field, ModelField? now)
    {
        if (!type.ByName.TryGetValue(field, out var found) || found.Builtin != Builtin.None)
            return null;
        if (!_fields.TryGetValue(field, out var tally))
            _fields[field] = tally = new(found);
        tally.Now ??= now;
        return tally;
    }

    /// <summary>Of a relationship type: how many have a thing of a type at that end.</summary>
    public int StandingAt(bool isSource, int type) => _ends.GetValueOrDefault((isSource, type));

    public void Take(in Record record)
    {
        Total++;
        if (record.FromDay != int.MinValue || record.ToDay != int.MaxValue)
            WithPeriod++;
        foreach (var field in _asked ??= [.. _fields.Values])
            if (record.TryGet(field.Ordinal, out var json))
                field.Take(json);
    }

    public void Stands(int source, int target)
    {
        _ends[(true, source)] = StandingAt(true, source) + 1;
        _ends[(false, target)] = StandingAt(false, target) + 1;
    }
}

/// <summary>What was counted of a field.</summary>
internal sealed class FieldTally(ModelField was)
{
    private static readonly Dictionary<string, Label> Reasons = new(StringComparer.Ordinal)
    {
        ["maxLength"] = Label.Of("trop longue", "too long"),
        ["choice"] = Label.Of("hors des choix", "not among the choices"),
        ["code"] = Label.Of("hors de la liste", "not in the list"),
        ["min"] = Label.Of("trop petite", "too small"),
        ["max"] = Label.Of("trop grande", "too great"),
        ["pattern"] = Label.Of("hors du motif", "not like the pattern"),
        ["form"] = Label.Of("forme non admise", "form not allowed"),
    };
    private readonly SortedDictionary<string, int> _refused = new(StringComparer.Ordinal);

    public int Ordinal => was.Ordinal;

    /// <summary>The field by which values are checked; null = they are not.</summary>
    public ModelField? Now { get; set; }

    /// <summary>How many records have a value.</summary>
    public int Present { get; private set; }

    /// <summary>How many have one that would be refused.</summary>
    public int Refused => _refused.Values.Sum();

    /// <summary>Why, and how many for each reason.</summary>
    public Label Why => Label.Of(
        string.Join(", ", _refused.Select(r => $"{Reasons[r.Key].Fr} : {r.Value}")),
        string.Join(", ", _refused.Select(r => $"{Reasons[r.Key].En}: {r.Value}")));

    public void Take(ReadOnlySpan<byte> json)
    {
        Present++;
        if (Now is not null && Reason(ShapeValues.Read(was, json)) is { } reason)
            _refused[reason] = _refused.GetValueOrDefault(reason) + 1;
    }

    private string? Reason(object value)
    {
        if (Now!.Shape != was.Shape || Now.IsMany != was.IsMany)
            return null;
        try
        {
            if (FieldValue.Check(Now, value, out _, out var refusal))
                return null;
            if (Now.Description.Type.MaxLength is { } most && Texts(value).Any(t => t.Length > most))
                return "maxLength";
            if (Now.Codes is { } codes && Texts(value).Any(t => !codes.Contains(t)))
                return Now.Description.Type.CodeList is null ? "choice" : "code";
            return refusal.Rule is "min" or "max" ? refusal.Rule : refusal.Rule == (Now.Description.PatternRule ?? "pattern") ? "pattern" : "form";
        }
        catch (Exception)
        {
            // A plugin's own field type ran here; a value that it cannot check, it would not let pass.
            return "form";
        }
    }

    private static IEnumerable<string> Texts(object value) => value switch
    {
        string text => [text],
        System.Collections.Immutable.ImmutableArray<object> items => items.OfType<string>(),
        _ => [],
    };
}

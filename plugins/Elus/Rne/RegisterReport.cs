using System.Collections.Immutable;
using System.Globalization;
using Xrm.Sdk;

namespace Elus.Rne;

/// <summary>Collects what an import tells. Names and days of office are public; a birth date never stands in it.</summary>
internal sealed class RegisterReport
{
    private readonly ImmutableArray<ImportLine>.Builder _lines = ImmutableArray.CreateBuilder<ImportLine>();

    public ImportReport Build(int rows) => new() { Rows = rows, Lines = [.. _lines.OrderBy(line => line.Line == 0 ? int.MaxValue : line.Line)] };

    public void Refused(int line, Label reason) => Add(ImportLineKind.Refused, line, $"ligne non reprise : {reason.Fr}", $"row left out: {reason.En}");

    public void Warning(int line, string fr, string en) => Add(ImportLineKind.Warning, line, fr, en);

    public void Installed(RegisterRow row, CommuneFacts commune, DateOnly? until) => Add(ImportLineKind.New, row.Line,
        $"{Of(commune)} : {row.Name}, maire depuis le {French(row.FunctionStart)}{(until is { } fr ? $" jusqu'au {French(fr.AddDays(-1))}" : "")}",
        $"{Of(commune)}: {row.Name}, mayor since {English(row.FunctionStart)}{(until is { } en ? $" until {English(en.AddDays(-1))}" : "")}");

    /// <summary>What is over is told by its last day.</summary>
    public void Ended(int line, CommuneFacts commune, FunctionFacts? function, MandateFacts? mandate)
    {
        var holder = (function?.Mandate ?? mandate)?.Holder?.Name ?? "?";
        var fr = new List<string>(2);
        var en = new List<string>(2);
        if (function?.To is { } left)
        {
            fr.Add($"fonction de maire terminée, dernier jour le {French(left.AddDays(-1))}");
            en.Add($"function of mayor over, last day {English(left.AddDays(-1))}");
        }
        if (mandate?.To is { } over)
        {
            fr.Add($"mandat municipal terminé, dernier jour le {French(over.AddDays(-1))}");
            en.Add($"municipal mandate over, last day {English(over.AddDays(-1))}");
        }
        Add(ImportLineKind.Ended, line, $"{Of(commune)} : {holder}, {string.Join(" ; ", fr)}", $"{Of(commune)}: {holder}, {string.Join("; ", en)}");
    }

    public void Renamed(int line, CommuneFacts commune, string name) => Add(ImportLineKind.Changed, line,
        $"{Of(commune)} : le libellé devient {name}", $"{Of(commune)}: the name becomes {name}");

    public void Respelt(RegisterRow row, PersonFacts person) => Add(ImportLineKind.Changed, row.Line,
        $"{person.Name} s'écrit désormais {row.Name}", $"{person.Name} is now spelt {row.Name}");

    public static string French(DateOnly day) => day.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);

    public static string English(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Of(CommuneFacts commune) => $"{commune.Name} ({commune.Code})";

    private void Add(ImportLineKind kind, int line, string fr, string en) => _lines.Add(new(kind, line, new Label(fr, en)));
}

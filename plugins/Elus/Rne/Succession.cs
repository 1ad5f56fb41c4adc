using Xrm.Sdk;
using static Elus.Rne.RegisterReport;

namespace Elus.Rne;

/// <summary>Places what a row says among the mayors that a commune is known to have had. Facts that are newer than the row stay as they are,
/// so that files may come in any order, and a file that comes again finds everything there.</summary>
/// <param name="fileDate">The day that the file speaks of.</param>
/// <param name="report">Told of all that is done or left.</param>
internal sealed class Succession(DateOnly fileDate, RegisterReport report)
{
    /// <summary>Adds a mayor to a commune, and ends what his coming ends.</summary>
    /// <param name="commune">With all mayors known so far.</param>
    /// <param name="row">The row that is placed.</param>
    /// <param name="mayor">Whom it means.</param>
    /// <param name="isOlder">Whether more is known of the department than the file can tell.</param>
    /// <returns>Whether the data now hold what the row says.</returns>
    public bool Place(CommuneFacts commune, RegisterRow row, PersonFacts mayor, bool isOlder)
    {
        var start = row.FunctionStart;
        var known = commune.Functions.Where(function => function.From == start).ToList();
        if (known.Find(function => function.Holder == mayor) is { } same)
        {
            Compare(commune, row, same);
            return true;
        }
        if (known.Count > 0)
        {
            report.Warning(row.Line,
                $"{Of(commune)} : {row.Name} et {known[0].Holder?.Name} seraient maires depuis le même jour ({French(start)}) ; rien n'est changé, à vérifier.",
                $"{Of(commune)}: {row.Name} and {known[0].Holder?.Name} would be mayors since the same day ({English(start)}); nothing is changed, please check.");
            return false;
        }
        if (commune.Latest is null || start > commune.Latest.From)
            return Succeed(commune, row, mayor);
        if (start < commune.Functions[0].From)
            return Precede(commune, row, mayor, isOlder);
        report.Warning(row.Line,
            $"{Of(commune)} : {row.Name}, maire depuis le {French(start)}, tombe au milieu de mandats déjà connus ; non repris.",
            $"{Of(commune)}: {row.Name}, mayor since {English(start)}, falls amid terms already known; left out.");
        return false;
    }

    private void Compare(CommuneFacts commune, RegisterRow row, FunctionFacts known)
    {
        if (known.Mandate.From != row.MandateStart)
            report.Warning(row.Line,
                $"{Of(commune)} : le mandat de {row.Name} est connu depuis le {French(known.Mandate.From)}, le fichier dit {French(row.MandateStart)} ; rien n'est changé.",
                $"{Of(commune)}: the mandate of {row.Name} is known since {English(known.Mandate.From)}, the file says {English(row.MandateStart)}; nothing is changed.");
        if (known == commune.Latest && known.To is { } end && end < fileDate)
            report.Warning(row.Line,
                $"{Of(commune)} : le fichier donne encore {row.Name} pour maire, la fonction est connue comme terminée ; rien n'est changé, à vérifier.",
                $"{Of(commune)}: the file still names {row.Name} as mayor, the function is known to be over; nothing is changed, please check.");
    }

    /// <summary>The newest mayor: those before end on his first day; their mandates end where his own is of a later term.</summary>
    private bool Succeed(CommuneFacts commune, RegisterRow row, PersonFacts mayor)
    {
        var start = row.FunctionStart;
        if (commune.Latest?.To is { } end && end > start && end > fileDate)
        {
            report.Warning(row.Line,
                $"{Of(commune)} : {row.Name}, maire depuis le {French(start)}, contredit un fait plus récent que le fichier ; non repris.",
                $"{Of(commune)}: {row.Name}, mayor since {English(start)}, contradicts a fact newer than the file; left out.");
            return false;
        }
        var mandate = MandateOf(commune, row, mayor);
        var over = commune.Functions.Where(function => function.To is null || function.To > start).ToList();
        foreach (var function in over)
            function.End(start);
        var formerMandates = commune.Functions.Select(function => function.Mandate)
            .Where(former => former != mandate && former.To is null && former.From < row.MandateStart).Distinct().ToList();
        foreach (var former in formerMandates)
            former.End(row.MandateStart);
        foreach (var function in over)
            report.Ended(row.Line, commune, function, formerMandates.Contains(function.Mandate) ? function.Mandate : null);
        foreach (var former in formerMandates.Where(former => !over.Exists(function => function.Mandate == former)))
            report.Ended(row.Line, commune, null, former);
        commune.Add(new(EntityId.New(), 0, mandate, start, null));
        report.Installed(row, commune, null);
        return true;
    }

    /// <summary>A mayor before all that are known: history, over when the next one began.</summary>
    private bool Precede(CommuneFacts commune, RegisterRow row, PersonFacts mayor, bool isOlder)
    {
        var next = commune.Functions[0];
        if (!isOlder)
            report.Warning(row.Line,
                $"{Of(commune)} : le fichier donne {row.Name} pour maire, un maire plus récent est connu ({next.Holder?.Name}) ; repris comme prédécesseur, à vérifier.",
                $"{Of(commune)}: the file names {row.Name} as mayor, a later one is known ({next.Holder?.Name}); taken as a predecessor, please check.");
        var mandate = MandateOf(commune, row, mayor);
        var laterTerms = commune.Functions.Select(function => function.Mandate.From).Where(from => from > mandate.From).ToList();
        if (mandate is { Version: 0, To: null } && laterTerms.Count > 0)
            mandate.End(laterTerms.Min());
        commune.Add(new(EntityId.New(), 0, mandate, row.FunctionStart, next.From));
        report.Installed(row, commune, next.From);
        return true;
    }

    /// <summary>The mandate that the function belongs to: one that the mayor is known to hold since that day, or a new one.</summary>
    private static MandateFacts MandateOf(CommuneFacts commune, RegisterRow row, PersonFacts mayor)
    {
        var mandate = commune.Mandates.Find(known => known.Holder == mayor && known.From == row.MandateStart);
        if (mandate is null)
            commune.Mandates.Add(mandate = new(EntityId.New(), 0, mayor, row.MandateStart, null));
        return mandate;
    }
}

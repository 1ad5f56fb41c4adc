using Xrm.Sdk;
using static Elus.Rne.RegisterReport;

namespace Elus.Rne;

/// <summary>Compares a register of mayors with what is known and says what to write. It reads no data itself and writes nothing.</summary>
internal sealed class RegisterImport
{
    private readonly RegisterFile _file;
    private readonly KnownState _known;
    private readonly DateOnly _fileDate;
    private readonly RegisterReport _report = new();
    private readonly Succession _succession;
    private readonly HashSet<string> _older;

    /// <param name="fileDate">The day that the file speaks of: the day on which the mayors of communes that are absent from it are over.</param>
    public RegisterImport(RegisterFile file, KnownState known, DateOnly fileDate)
    {
        _file = file;
        _known = known;
        _fileDate = fileDate;
        _succession = new(fileDate, _report);
        _older = Older();
    }

    /// <summary>All of it as one plan.</summary>
    public ImportPlan Plan()
    {
        foreach (var refused in _file.Refused)
            _report.Refused(refused.Line, refused.Reason);
        if (_file.OtherFunctions > 0)
            _report.Warning(0, $"{_file.OtherFunctions} lignes portent sur d'autres fonctions que celle de maire ; non reprises.", $"{_file.OtherFunctions} rows are about other functions than the mayor's; left out.");
        var absent = AbsentCommunes();
        foreach (var rows in _file.Rows.GroupBy(row => row.Commune))
            Take(rows.Key, [.. rows.OrderBy(row => row.FunctionStart).ThenBy(row => row.Line)]);
        foreach (var commune in absent)
            Close(commune);
        return new(RegisterEdits.Of(_known), _report.Build(_file.Count));
    }

    private void Take(string code, List<RegisterRow> rows)
    {
        var isOlder = _older.Contains(CommuneCode.Department(code));
        if (!_known.Communes.TryGetValue(code, out var commune))
        {
            if (isOlder)
            {
                foreach (var row in rows)
                    _report.Warning(row.Line,
                        $"{row.CommuneName} ({code}) : le fichier est plus ancien que les données de son département, qui n'ont pas cette commune ; non repris.",
                        $"{row.CommuneName} ({code}): the file is older than what is known of its department, which has no such commune; left out.");
                return;
            }
            _known.Communes.Add(code, commune = new(EntityId.New(), 0, code, rows[^1].CommuneName));
        }
        for (var i = 1; i < rows.Count; i++)
            TellTwice(commune, rows[i - 1], rows[i]);
        // From the known mayors outwards: later ones follow one another, earlier ones precede one another.
        var latest = commune.Latest?.From;
        foreach (var row in rows.Where(row => latest is null || row.FunctionStart > latest).Concat(rows.Where(row => row.FunctionStart <= latest).Reverse()))
            Take(commune, row, isOlder);
    }

    private void Take(CommuneFacts commune, RegisterRow row, bool isOlder)
    {
        var latest = commune.Latest?.From;
        if (PersonOf(row, commune) is not { } mayor || !_succession.Place(commune, row, mayor, isOlder))
            return;
        Spell(mayor, row);
        if (latest is not null && row.FunctionStart >= latest)
            Name(commune, row, isNewer: row.FunctionStart > latest);
    }

    private PersonFacts? PersonOf(RegisterRow row, CommuneFacts commune)
    {
        var matches = _known.Persons.Matches(row);
        if (matches.Count == 1)
            return matches[0];
        if (matches.Count > 1)
        {
            _report.Refused(row.Line, Label.Of(
                $"{matches.Count} personnes connues peuvent être {row.Name} ; aucune n'est choisie, réunissez-les ou distinguez-les d'abord.",
                $"{matches.Count} persons known can be {row.Name}; none is chosen, merge or tell them apart first."));
            return null;
        }
        if (commune.Functions.Any(function => function.Holder is { } holder && KnownPersons.Fold(holder.FamilyName, holder.GivenName) == KnownPersons.Fold(row.FamilyName, row.GivenName)))
            _report.Warning(row.Line,
                $"{Of(commune)} : {row.Name} a le même nom qu'un maire connu de la commune, mais pas la même date de naissance ; repris comme une autre personne, à vérifier.",
                $"{Of(commune)}: {row.Name} has the name of a mayor known of the commune, but another birth date; taken as another person, please check.");
        else if (_known.Persons.HasNamesakeWithoutKey(row))
            _report.Warning(row.Line,
                $"{row.Name} porte le nom d'une personne connue sans date de naissance ; repris comme une autre personne, à vérifier.",
                $"{row.Name} has the name of a person known without a birth date; taken as another person, please check.");
        else if (_known.Persons.TryFindRespelt(row, out var other))
            _report.Warning(row.Line,
                $"{row.Name} a le nom de famille et la date de naissance de {other.Name}, mais un autre prénom ; repris comme une autre personne, à vérifier.",
                $"{row.Name} has the family name and birth date of {other.Name}, but another given name; taken as another person, please check.");
        var person = new PersonFacts(EntityId.New(), 0, row.FamilyName, row.GivenName, row.BirthKey);
        _known.Persons.Add(person);
        return person;
    }

    /// <summary>A later function brings its spelling; of the same function the one with more accents holds. Both spellings fold to the same.</summary>
    private void Spell(PersonFacts person, RegisterRow row)
    {
        var isNewer = row.FunctionStart > person.Newest;
        if (isNewer)
            person.Newest = row.FunctionStart;
        if (row.Name == person.Name || !isNewer && (row.FunctionStart < person.Newest || Accents(row.Name) <= Accents(person.Name)))
            return;
        if (person.Version > 0)
            _report.Respelt(row, person);
        person.Respell(row.FamilyName, row.GivenName);
    }

    /// <summary>As with persons; a name that is another altogether comes only with a new term.</summary>
    private void Name(CommuneFacts commune, RegisterRow row, bool isNewer)
    {
        if (row.CommuneName == commune.Name || !isNewer && (TextKey.Fold(row.CommuneName) != TextKey.Fold(commune.Name) || Accents(row.CommuneName) <= Accents(commune.Name)))
            return;
        if (commune.Version > 0)
            _report.Renamed(row.Line, commune, row.CommuneName);
        commune.Rename(row.CommuneName);
    }

    private void Close(CommuneFacts commune)
    {
        foreach (var function in commune.Functions.Where(function => function.To is null && function.From < _fileDate).ToList())
        {
            function.End(_fileDate);
            _report.Ended(0, commune, function, null);
        }
    }

    /// <summary>Communes with a mayor, in departments that the file covers, of which it says nothing.</summary>
    private List<CommuneFacts> AbsentCommunes()
    {
        var present = _file.Rows.Select(row => row.Commune).Concat(_file.Refused.Select(row => row.Commune).OfType<string>()).ToHashSet();
        var covered = _file.Rows.Select(row => CommuneCode.Department(row.Commune)).ToHashSet();
        var absent = _known.Communes.Values
            .Where(commune => !present.Contains(commune.Code) && covered.Contains(CommuneCode.Department(commune.Code)) && !_older.Contains(CommuneCode.Department(commune.Code)))
            .Where(commune => commune.Functions.Any(function => function.To is null && function.From < _fileDate))
            .OrderBy(commune => commune.Code, StringComparer.Ordinal)
            .ToList();
        if (absent.Count > 0 && _file.Refused.Any(row => row.Commune is null && !(_file.IsCut && row == _file.Refused[^1])))
        {
            _report.Warning(0,
                $"{absent.Count} communes sont absentes du fichier, mais des lignes refusées peuvent être les leurs ; aucune fonction n'est terminée pour absence.",
                $"{absent.Count} communes are absent from the file, but refused rows may be theirs; no function is ended for absence.");
            return [];
        }
        if (_file.IsCut)
        {
            var last = CommuneCode.Department(_file.Rows[^1].Commune);
            _report.Warning(0,
                $"Le fichier s'arrête au milieu d'une ligne, dans le département {last} : aucune fonction n'y est terminée pour absence.",
                $"The file stops in the middle of a row, in department {last}: no function there is ended for absence.");
            absent.RemoveAll(commune => CommuneCode.Department(commune.Code) == last);
        }
        return absent;
    }

    /// <summary>Departments of which a newer file was read: most of the file's communes are known there, and of one at least something later than the file.</summary>
    private HashSet<string> Older()
    {
        var older = new HashSet<string>(StringComparer.Ordinal);
        foreach (var department in _file.Rows.Select(row => row.Commune).Distinct().GroupBy(CommuneCode.Department))
        {
            var known = department.Select(code => _known.Communes.GetValueOrDefault(code)).OfType<CommuneFacts>().ToList();
            if (known.Count * 2 >= department.Count() && known.Exists(commune => commune.Functions.Any(function => function.From > _fileDate || function.To > _fileDate)))
                older.Add(department.Key);
        }
        return older;
    }

    private void TellTwice(CommuneFacts commune, RegisterRow before, RegisterRow row) => _report.Warning(row.Line,
        $"{Of(commune)} est aussi à la ligne {before.Line} ; les deux lignes sont prises dans l'ordre de leurs dates.",
        $"{Of(commune)} is on line {before.Line} too; both rows are taken in the order of their dates.");

    private static int Accents(string text) => text.Count(c => c > '\u007F' && char.IsLetter(c));
}

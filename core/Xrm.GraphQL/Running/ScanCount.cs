using Xrm.Core.Plans;
using Xrm.Core.Running;
using Xrm.GraphQL.Plans;

namespace Xrm.GraphQL.Running;

/// <summary>Counts how many records a request could look at, before it reads any. Each list counts at its worst, as if all records of its type had to be looked at; only where that is past the limit are the ways sought that would be taken.</summary>
internal sealed class ScanCount(Reader reader, GraphQLLimits limits)
{
    private List<(ReadStep.List Step, long Worst)>? _lists;
    private long _sum;
    private bool _isExact;

    /// <exception cref="Refusal">The limit is passed.</exception>
    public void Add(ReadStep.List step, FieldPlace place)
    {
        if (_isExact)
            _sum += Exact(step);
        else
        {
            var worst = reader.Cost.AtWorst(step);
            (_lists ??= []).Add((step, worst));
            _sum += worst;
        }
        Check(place);
    }

    /// <param name="things">From how many it starts at most.</param>
    /// <exception cref="Refusal">The limit is passed.</exception>
    public void Add(ReadStep.Related step, long things, FieldPlace place)
    {
        _sum += reader.Cost.Of(step, things);
        Check(place);
    }

    private void Check(FieldPlace place)
    {
        if (_sum <= limits.Scan)
            return;
        if (!_isExact)
        {
            _isExact = true;
            _sum += _lists?.Sum(l => Exact(l.Step) - l.Worst) ?? 0;
            if (_sum <= limits.Scan)
                return;
        }
        // How many there are is not for everybody.
        var (french, english) = reader.Actor.IsAdministrator ? ($" ({_sum} environ)", $" (about {_sum})") : ("", "");
        throw Refusal.Limit(
            $"La requête pourrait parcourir plus de {limits.Scan} enregistrements{french} : demandez par égalité, par intervalle ou par début de texte, ou moins à la fois.",
            $"The request could look at more than {limits.Scan} records{english}: ask by equality, range or the beginning of a text, or for less at once.", "scan", limits.Scan, reader.Actor.IsAdministrator ? _sum : null).At(place);
    }

    private long Exact(ReadStep.List step) => reader.Cost.Of(step, reader.Foresee(step).Estimate);
}

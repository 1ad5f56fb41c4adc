using Xrm.Core.Model;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Plans;

/// <summary>The relationships at ends of things as they will be after a commit: those of the store, read in one step for each end, and those of the drafts.</summary>
internal sealed class LinkBook(PlanContext context, DraftBook book)
{
    private readonly Dictionary<(ModelEnd End, Guid Thing), List<Draft>> _links = [];
    private readonly HashSet<(ModelEnd End, Guid Thing)> _read = [];
    private readonly Dictionary<ModelEnd, HashSet<Guid>> _wanted = [];
    private readonly Dictionary<Guid, Draft> _others = [];

    /// <summary>One for each end of a thing that was read.</summary>
    public List<Guard> Guards { get; } = [];

    /// <summary>Takes in the relationships that the commit makes.</summary>
    public void TakeNew()
    {
        foreach (var draft in book.Drafts)
            if (draft is { IsNew: true, Type: ModelRelationship })
                Put(draft);
    }

    /// <summary>Asks for the relationships at an end of a thing; they are there after <see cref="Read"/>.</summary>
    public void Want(ModelEnd end, Guid thing)
    {
        if (!book.WasThere(thing) || !_read.Add((end, thing)))
            return;
        if (!_wanted.TryGetValue(end, out var things))
            _wanted.Add(end, things = []);
        things.Add(thing);
    }

    /// <summary>Reads what was asked for.</summary>
    public async ValueTask Read(CancellationToken cancellation)
    {
        foreach (var (end, things) in _wanted)
        {
            var step = new ReadStep.Related(end, [.. things])
            {
                Views = [.. end.Far.Select(TypeView.Of)],
                During = Period.Always,
                DatesNodes = false,
            };
            var rows = await context.Snapshot.Read(step, cancellation);
            var isParked = context.Model.ByOrdinal.GetValueOrDefault(end.Relationship.Ordinal) != end.Relationship;
            for (var i = 0; i < step.From.Length; i++)
                Take(end, step.From[i], rows.Run(i), isParked);
        }
        _wanted.Clear();
    }

    /// <summary>The relationships at an end of a thing that will be there; it must have been asked for, or the thing be new.</summary>
    public IEnumerable<Draft> At(ModelEnd end, Guid thing) =>
        _links.TryGetValue((end, thing), out var links) ? links.Where(l => !l.IsGone) : [];

    /// <summary>Whether more than one relationship is at an end of a thing, those that go included.</summary>
    public bool HasSeveral(ModelEnd end, Guid thing) => _links.TryGetValue((end, thing), out var links) && links.Count > 1;

    private void Take(ModelEnd end, Guid thing, ReadOnlySpan<Row> rows, bool isParked)
    {
        var sum = 0UL;
        if (!_links.TryGetValue((end, thing), out var links))
            _links.Add((end, thing), links = new(rows.Length));
        foreach (ref readonly var row in rows)
        {
            sum = Guard.LinksAre.Of(sum, row.Link.Id, row.Link.Version);
            links.Add(DraftOf(row.Link, end.Relationship, isParked));
        }
        Guards.Add(new Guard.LinksAre(end, thing, sum));
    }

    /// <summary>The one draft of a relationship, whichever end it was read at.</summary>
    private Draft DraftOf(Record link, ModelRelationship type, bool isParked)
    {
        if (book.Touched(link.Id) is { } touched)
            return touched;
        if (!_others.TryGetValue(link.Id, out var draft))
            _others.Add(link.Id, draft = new Draft(type, link.Id, link, -1) { Source = link.Source, Target = link.Target, IsParked = isParked });
        return draft;
    }

    /// <summary>Makes a relationship that was only read one that the commit changes.</summary>
    public void Touch(Draft link, int edit)
    {
        if (book.Touched(link.Id) is not null)
            return;
        link.Edit = edit;
        book.Begin(link);
    }

    private void Put(Draft link)
    {
        var type = (ModelRelationship)link.Type;
        Put(type.Source, link.Source, link);
        Put(type.Target, link.Target, link);

        void Put(ModelEnd end, Guid thing, Draft draft)
        {
            if (!_links.TryGetValue((end, thing), out var links))
                _links.Add((end, thing), links = new(1));
            links.Add(draft);
        }
    }
}

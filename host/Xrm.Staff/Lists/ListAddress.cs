using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Xrm.Sdk;
using Xrm.Staff.Model;

namespace Xrm.Staff.Lists;

/// <summary>A view of a list as the query of an address, and back: <c>?where=familyName.starts:Dup;mandates.some(mandateType.is:mayor)&amp;order=-birthDay&amp;columns=email,mandates</c>.</summary>
internal static class ListAddress
{
    /// <summary>The query, with its question mark; empty for the view that a list has by itself.</summary>
    public static string Write(ListView view)
    {
        var query = new StringBuilder();
        if (view.Search.Length > 0)
            Add("search", view.Search);
        if (!view.Conditions.IsEmpty)
            Add(view.IsAny && view.Conditions.Length > 1 ? "any" : "where", ConditionCode.Write(view.Conditions));
        if (!view.Orders.IsEmpty)
            Add("order", Write(view.Orders));
        if (view.Columns is { } columns)
            Add("columns", string.Join(',', columns));
        if (view.Board is { } board)
            Add("board", board);
        if (view.Day.Kind != ListDayKind.Unsaid)
            Add("at", view.Day.Kind == ListDayKind.Today ? "today" : Day(view.Day.Day));
        return query.ToString();

        void Add(string name, string value) => query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Escaped(value));
    }

    /// <summary>An order as it stands in a query.</summary>
    public static string Write(ImmutableArray<Order> orders) => string.Join(',', orders.Select(o => (o.Descending ? "-" : "") + o.Field));

    /// <summary>Reads a query.</summary>
    /// <param name="faults">What could not be understood; the view is without it.</param>
    public static ListView Read(StaffModel model, ModelType type, string query, out ImmutableArray<Label> faults)
    {
        var view = new ListView();
        var told = ImmutableArray.CreateBuilder<Label>();
        foreach (var part in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            if (at < 0)
                continue;
            var value = Uri.UnescapeDataString(part[(at + 1)..].Replace('+', ' '));
            if (value.Length > 0)
                view = Read(model, type, view, part[..at], value, told);
        }
        faults = told.ToImmutable();
        return view;
    }

    private static ListView Read(StaffModel model, ModelType type, ListView view, string name, string value, ImmutableArray<Label>.Builder faults)
    {
        switch (name)
        {
            case "search":
                return view with { Search = value };
            case "where" or "any":
                var conditions = ConditionCode.Read(model, type, value, out var fault);
                if (fault is not null)
                    faults.Add(fault);
                return view with { Conditions = conditions, IsAny = name == "any" };
            case "order":
                var orders = value.Split(',').Select(o => new Order(o.TrimStart('-'), o.StartsWith('-'))).ToImmutableArray();
                foreach (var order in orders.Where(o => !CanSort(o)))
                    faults.Add(Label.Of($"On ne peut pas trier par « {order.Field} ».", $"\"{order.Field}\" cannot be sorted by."));
                return view with { Orders = orders.RemoveAll(o => !CanSort(o)) };
            case "columns":
                var columns = value.Split(',').Distinct(StringComparer.Ordinal).ToImmutableArray();
                foreach (var column in columns.Where(c => !ListFields.HasColumn(type, c)))
                    faults.Add(Label.Of($"Il n'y a pas de colonne « {column} ».", $"There is no column \"{column}\"."));
                return view with { Columns = columns.RemoveAll(c => !ListFields.HasColumn(type, c)) };
            case "board":
                if (ListFields.Boards(model, type).Any(f => f.Name == value))
                    return view with { Board = value };
                faults.Add(Label.Of($"On ne peut pas faire de tableau par « {value} ».", $"There is no board by \"{value}\"."));
                return view;
            case "at":
                if (value == "today")
                    return view with { Day = new(ListDayKind.Today) };
                if (ReadDay(value) is { } day)
                    return view with { Day = new(ListDayKind.Day, day) };
                faults.Add(Label.Of($"« {value} » n'est pas un jour.", $"\"{value}\" is no day."));
                return view;
            default:
                return view;
        }

        bool CanSort(Order order) => ListFields.Find(type, order.Field) is { } field && ListFields.CanSort(field);
    }

    internal static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal static DateOnly? ReadDay(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    // What is allowed in a query as it is stays readable.
    private static string Escaped(string text)
    {
        var escaped = new StringBuilder(Uri.EscapeDataString(text));
        foreach (var (code, sign) in ((string, string)[])[("%2C", ","), ("%3A", ":"), ("%3B", ";"), ("%28", "("), ("%29", ")"), ("%40", "@"), ("%20", "+")])
            escaped.Replace(code, sign);
        return escaped.ToString();
    }
}

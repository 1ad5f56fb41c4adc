using System.Collections.Immutable;
using Xrm.Sdk;
using Xrm.Staff.Door;
using Xrm.Staff.Model;

namespace Xrm.Staff.Lists;

/// <summary>What a door is asked for a view.</summary>
internal static class ListRequests
{
    public static ListRequest Of(StaffModel model, ModelType type, ListView view, ImmutableArray<Order> orders, DateOnly today, ListColumns columns) => new(type, columns.Fields, columns.Ends)
    {
        Where = view.Where(model, type),
        Search = view.Search.Length == 0 ? null : view.Search,
        Orders = orders,
        At = view.Day.Asked(today, type.IsDated),
    };

    /// <summary>The same, of those alone for which something more holds.</summary>
    public static ListRequest And(this ListRequest request, Filter filter) => request with { Where = request.Where is { } where ? where & filter : filter };
}

using System.Diagnostics;
using System.Reflection;
using Xrm.Sdk;

namespace Xrm.PluginLoading;

/// <summary>Finds out what holds a plugin's code in memory that should be gone: goes from the static fields of all code that stays to the first object that is of the plugin, and tells the way.</summary>
/// <remarks>What only a thread, a handle or a static field of a generic type holds is not found. It is slow, and only for plugins that did not go.</remarks>
internal sealed class HolderSearch
{
    private const int MostObjects = 1_000_000;
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(10);

    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly List<(object? Value, int From, string Via)> _queue = [];
    private readonly Dictionary<Type, FieldInfo[]> _fields = [];
    private readonly string _assembly;

    private HolderSearch(string assembly) => _assembly = assembly;

    /// <summary>What holds an assembly.</summary>
    /// <param name="assembly">The full name of an assembly of the plugin.</param>
    public static Label Find(string assembly) => new HolderSearch(assembly).Find();

    private Label Find()
    {
        var start = Stopwatch.GetTimestamp();
        foreach (var field in AppDomain.CurrentDomain.GetAssemblies().Where(a => !a.IsCollectible && !a.IsDynamic).SelectMany(Types).SelectMany(Statics))
            if (Read(field, null) is { } value)
                Add(value, -1, $"{field.DeclaringType!.FullName}.{field.Name}");
        for (var at = 0; at < _queue.Count && at < MostObjects && Stopwatch.GetElapsedTime(start) < Most; at++)
        {
            var value = _queue[at].Value!;
            if (IsOurs(value))
                return Told(Way(at), value);
            Expand(value, at);
            // What was looked at is known by its way; the object need not be held.
            _queue[at] = _queue[at] with { Value = null };
        }
        return Label.Of(
            "aucun champ statique ne le tient : sans doute un fil d'exécution qui exécute encore son code, ou une minuterie.",
            "no static field holds it: most likely a thread that still runs its code, or a timer.");
    }

    private void Expand(object value, int at)
    {
        if (value is Array array)
        {
            if (array.GetType().GetElementType() is not { IsPrimitive: false, IsPointer: false } element || element == typeof(string) || element.IsEnum)
                return;
            foreach (var item in array)
                if (item is not null)
                    Add(item, at, "[]");
            return;
        }
        foreach (var field in Fields(value.GetType()))
            if (Read(field, value) is { } next)
                Add(next, at, "." + field.Name);
    }

    private void Add(object value, int from, string via)
    {
        var type = value.GetType();
        // The search itself must not be what it finds.
        if (type.IsPrimitive || type.IsEnum || value is string or Pointer or HolderSearch || ReferenceEquals(value, _queue) || ReferenceEquals(value, _seen))
            return;
        if (type.IsValueType || _seen.Add(value))
            _queue.Add((value, from, via));
    }

    private bool IsOurs(object value) => value switch
    {
        Type type => IsOurs(type),
        Assembly assembly => assembly.IsCollectible && assembly.FullName == _assembly,
        MemberInfo member => member.Module.Assembly is { IsCollectible: true } its && its.FullName == _assembly,
        Delegate call when call.Method.Module.Assembly is { IsCollectible: true } its && its.FullName == _assembly => true,
        _ => IsOurs(value.GetType()),
    };

    private bool IsOurs(Type type) => type.IsCollectible
        && (type.Assembly.FullName == _assembly || type.HasElementType && IsOurs(type.GetElementType()!) || type.IsGenericType && type.GetGenericArguments().Any(IsOurs));

    private string Way(int at)
    {
        var parts = new Stack<string>();
        for (; at >= 0; at = _queue[at].From)
            parts.Push(_queue[at].Via);
        return string.Concat(parts);
    }

    private static Label Told(string way, object value) => Label.Of($"{way} tient {value.GetType().FullName}.", $"{way} holds {value.GetType().FullName}.");

    private FieldInfo[] Fields(Type type)
    {
        if (_fields.TryGetValue(type, out var fields))
            return fields;
        var found = new List<FieldInfo>();
        for (var each = type; each is not null && each != typeof(object); each = each.BaseType)
            found.AddRange(each.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).Where(MayHold));
        return _fields[type] = [.. found];
    }

    private static IEnumerable<Type> Types(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException e)
        {
            return e.Types.OfType<Type>();
        }
    }

    private static IEnumerable<FieldInfo> Statics(Type type) => type.ContainsGenericParameters
        ? []
        : type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).Where(f => !f.IsLiteral && MayHold(f));

    private static bool MayHold(FieldInfo field) =>
        field.FieldType is { IsPrimitive: false, IsPointer: false, IsByRefLike: false, IsEnum: false, IsFunctionPointer: false } type && type != typeof(string);

    private static object? Read(FieldInfo field, object? of)
    {
        try
        {
            return field.GetValue(of);
        }
        catch (Exception e) when (e is TargetInvocationException or TypeInitializationException or NotSupportedException or FieldAccessException or InvalidOperationException or TypeLoadException or FileNotFoundException)
        {
            // What cannot be read is not what holds.
            return null;
        }
    }
}

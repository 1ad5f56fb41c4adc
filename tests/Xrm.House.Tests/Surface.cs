using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Xrm.House.Tests;

/// <summary>The public surface of an assembly as text that is the same each time: a line for each type and for each member that it declares.</summary>
internal static class Surface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool", [typeof(byte)] = "byte",
        [typeof(int)] = "int", [typeof(long)] = "long", [typeof(decimal)] = "decimal", [typeof(double)] = "double",
    };

    private static readonly NullabilityInfoContext Nullability = new();

    // What the compiler writes for a record, and what every object has.
    private static readonly string[] Expected = ["Equals", "GetHashCode", "PrintMembers", "<Clone>$", "Deconstruct", "op_Equality", "op_Inequality"];

    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            text.Append(Head(type)).Append('\n');
            foreach (var member in Members(type).Order(StringComparer.Ordinal))
                text.Append("    ").Append(member).Append('\n');
        }
        return text.ToString();
    }

    private static string Head(Type type)
    {
        var record = type.GetMethod("<Clone>$", Declared) is not null || type.IsValueType && type.GetMethod("PrintMembers", Declared) is not null;
        var kind = type.IsEnum ? "enum"
            : type.IsInterface ? "interface"
            : (type.IsAbstract && type.IsSealed ? "static " : type.IsAbstract ? "abstract " : type is { IsSealed: true, IsValueType: false } ? "sealed " : "") + (record ? type.IsValueType ? "record struct" : "record" : type.IsValueType ? "struct" : "class");
        var parents = type.GetInterfaces().Where(i => i.IsPublic && !(i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEquatable<>))).Select(Name);
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum))
            parents = parents.Prepend(Name(parent));
        var list = string.Join(", ", type.IsEnum ? [] : parents.Order(StringComparer.Ordinal));
        return $"{kind} {type.Namespace}.{Name(type)}{(list.Length > 0 ? " : " + list : "")}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
            return Enum.GetNames(type).Select(n => $"{n} = {Convert.ToInt64(Enum.Parse(type, n), CultureInfo.InvariantCulture)}");
        return type.GetConstructors(Declared).Where(c => IsSeen(c) && !IsCopy(c)).Select(c => $"new({Parameters(c)})")
            .Concat(type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily).Select(Field))
            .Concat(type.GetProperties(Declared).Where(p => p.GetAccessors(true).Any(IsSeen) && p.Name != "EqualityContract").Select(Property))
            .Concat(type.GetEvents(Declared).Select(e => $"event {Name(e.EventHandlerType!)} {e.Name}"))
            .Concat(type.GetMethods(Declared).Where(m => IsSeen(m) && IsWritten(m)).Select(Method));
    }

    private static string Field(FieldInfo field) =>
        $"{(field.IsLiteral ? "const " : (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : ""))}{Null(Name(field.FieldType), Nullability.Create(field).ReadState)} {field.Name}{(field.IsLiteral ? " = " + field.GetRawConstantValue() : "")}";

    private static string Property(PropertyInfo property)
    {
        var get = property.GetMethod is { } g && IsSeen(g) ? "get; " : "";
        var set = property.SetMethod is { } s && IsSeen(s) ? (s.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init; " : "set; ") : "";
        var required = property.GetCustomAttribute<RequiredMemberAttribute>() is null ? "" : "required ";
        var index = property.GetIndexParameters() is { Length: > 0 } parameters ? $"[{string.Join(", ", parameters.Select(Parameter))}]" : "";
        return $"{Modifiers(property.GetAccessors(true).First(IsSeen))}{required}{Null(Name(property.PropertyType), Nullability.Create(property).ReadState)} {property.Name}{index} {{ {get}{set}}}";
    }

    private static string Method(MethodInfo method) =>
        $"{Modifiers(method)}{Null(Name(method.ReturnType), Nullability.Create(method.ReturnParameter).ReadState)} {method.Name}{Generics(method.GetGenericArguments())}({Parameters(method)})";

    private static string Modifiers(MethodBase method) =>
        (method.IsFamily ? "protected " : "") + (method.IsStatic ? "static " : "")
        + (method.DeclaringType!.IsInterface ? "" : method.IsAbstract ? "abstract " : method is MethodInfo { IsVirtual: true, IsFinal: false } m ? (m.GetBaseDefinition() == m ? "virtual " : "override ") : "");

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var way = parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? (parameter.IsIn ? "in " : "ref ") : parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) ? "params " : "";
        var fallback = !parameter.HasDefaultValue ? "" : parameter.DefaultValue switch { null => " = default", string s => $" = \"{s}\"", bool b => b ? " = true" : " = false", var v => " = " + Convert.ToString(v, CultureInfo.InvariantCulture) };
        return $"{way}{Null(Name(parameter.ParameterType), Nullability.Create(parameter).WriteState)} {parameter.Name}{fallback}";
    }

    private static string Name(Type type)
    {
        if (type.IsByRef)
            return Name(type.GetElementType()!);
        if (type.IsArray)
            return Name(type.GetElementType()!) + "[]";
        if (type.IsGenericParameter)
            return type.Name;
        if (Keywords.TryGetValue(type, out var keyword))
            return keyword;
        if (Nullable.GetUnderlyingType(type) is { } value)
            return Name(value) + "?";
        var plain = type.Name.Split('`')[0];
        var outer = type.IsNested ? Name(type.DeclaringType!) + "." : "";
        // A nested type repeats the parameters of the one around it.
        return outer + plain + (type.IsNested ? "" : Generics(type.GetGenericArguments()));
    }

    private static string Generics(Type[] types) => types.Length == 0 ? "" : $"<{string.Join(", ", types.Select(Name))}>";

    private static string Null(string type, NullabilityState state) => state == NullabilityState.Nullable && !type.EndsWith('?') ? type + "?" : type;

    private static bool IsSeen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsWritten(MethodInfo method) =>
        !Expected.Contains(method.Name) && !(method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal));

    // The copying constructor of a record.
    private static bool IsCopy(ConstructorInfo constructor) =>
        constructor.IsFamily && constructor.GetParameters() is [var only] && only.ParameterType == constructor.DeclaringType
        || constructor.IsPublic && constructor.DeclaringType!.IsSealed && constructor.GetParameters() is [var one] && one.ParameterType == constructor.DeclaringType;
}

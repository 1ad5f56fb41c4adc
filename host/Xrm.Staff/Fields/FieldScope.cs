using Xrm.Staff.Model;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Fields;

/// <summary>Of which field a value is, and for whom it is written.</summary>
internal readonly record struct FieldScope(ModelField Field, StaffModel Model, Language Language);
